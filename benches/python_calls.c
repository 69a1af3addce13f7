/*
 * What NumPy and OpenCV are asked to do. `src` and `dst` are arrays over the memory that we work on, in our shapes
 * and strides; OpenCV, which knows images in C order alone, gets views of them that are.
 */
#include "python_peers.h"

#include "calls.h"
#include "convert.h"
#include "search.h"

#define TEXT(...) #__VA_ARGS__
#define TEXT_OF(...) TEXT(__VA_ARGS__)

const python_call numpy_calls[] = {
    {"view_new", "np.frombuffer", "(area_from, np.uint8, 1024)", NULL},
    {"slice1d", GET_ITEM, "(src, slice(10, -10, 2))", NULL},
    {"slice3d", GET_ITEM, "(src, (slice(1, 3), slice(None, None, 2), slice(-4, None)))", NULL},
    {"transpose_view", "src.transpose", "()", NULL},
    {"cast_view", "src.view", "(np.dtype('d'),)", NULL},
    {"get_u8", GET_ITEM, "(src, 1023)", NULL},
    {"get_f64", GET_ITEM, "(src, 1023)", NULL},
    {"parse_rec", "np._core._internal._dtype_from_pep3118", "('" SIZE_RECORD "',)", NULL},
    {"tolist", "src.tolist", "()", NULL},
    {"copy", "np.copyto", "(dst, src)", NULL},
    {"equal", "np.array_equal", "(src, dst)", NULL},
    {"count", "lambda: np.count_nonzero(src == " TEXT_OF(SEARCH_COUNTED) ")", "()", NULL},
    {"tobytes", "src.tobytes", "()", NULL},
    {"fill_u8_64M", "dst.fill", "(" TEXT_OF(FILL_BYTE) ",)", NULL},
    {"fill_rgb_u8", "np.copyto", "(dst, np.array(" FILL_PIXEL_TEXT ", np.uint8))", NULL},
    {"fill", "dst.fill", "(np.float32(" FILL_NUMBER_TEXT "),)", NULL},
    {"convert", "np.copyto", "(dst, src)", "{'casting': 'unsafe'}"},
    {NULL, NULL, NULL, NULL},
};

#define TURN "cv2.transpose", "(src.T,)", "{'dst': dst}"
#define SPLIT "cv2.split", "(src.transpose(1, 2, 0), list(dst))", NULL
#define MERGE "cv2.merge", "(list(src.transpose(2, 0, 1)),)", "{'dst': dst}"

const python_call opencv_calls[] = {
    {"t2_u8_4096", TURN},
    {"t2_u16_4096", TURN},
    {"t2_f32_4096", TURN},
    {"t2_f64_4096", TURN},
    {"t2_f32_odd", TURN},
    {"t2_f32_256", TURN},
    {"hwc2chw_u8", SPLIT},
    {"hwc2chw_f32", SPLIT},
    {"chw2hwc_u8", MERGE},
    {"chw2hwc_f32", MERGE},
    {"bgr2rgb_u8", "cv2.cvtColor", "(src[..., ::-1], cv2.COLOR_BGR2RGB)", "{'dst': dst}"},
    {"rgba2rgb_u8", "cv2.cvtColor", "(np.ndarray((1080, 1920, 4), np.uint8, area_from), cv2.COLOR_RGBA2RGB)",
     "{'dst': dst}"},
    {"flip_h_u8x3", "cv2.flip", "(src[:, ::-1], 1)", "{'dst': dst}"},
    {NULL, NULL, NULL, NULL},
};
