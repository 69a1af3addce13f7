/** One member of a C struct, for arrays of mv_member: `MV_MEMBER(struct point, x, "f")`. */
#define MV_MEMBER(type, member, format) \
    {#member, offsetof(type, member), sizeof(((type *)0)->member), format}
