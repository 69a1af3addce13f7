//! Which vector instructions the kernels may use, found out when the library runs.

/// The instructions that a kernel is written for. A value is the proof that this machine has them: only [`Isa::best`] and
/// [`Isa::available`] make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// What the target always has, as the compiler uses it. The reference for all others.
    Portable,
    /// NEON of 64-bit ARM, which is part of the target there.
    Neon(Proof),
    /// AVX2.
    Avx2(Proof),
    /// AVX-512 F, BW, VL and VBMI, and AVX2: Intel since Ice Lake, AMD since Zen 4.
    Avx512(Proof),
}

/// What only this file can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof(());

impl Isa {
    /// The best that this machine has. Cheap: what the processor says is asked for once.
    #[must_use]
    #[inline]
    pub fn best() -> Isa {
        if machine::has_avx512() {
            Isa::Avx512(Proof(()))
        } else if machine::has_avx2() {
            Isa::Avx2(Proof(()))
        } else if machine::HAS_NEON {
            Isa::Neon(Proof(()))
        } else {
            Isa::Portable
        }
    }

    /// All that this machine has, the portable one first: tests run every kernel with each.
    pub fn available() -> impl Iterator<Item = Isa> {
        let proof = Proof(());
        let all = [
            (true, Isa::Portable),
            (machine::HAS_NEON, Isa::Neon(proof)),
            (machine::has_avx2(), Isa::Avx2(proof)),
            (machine::has_avx512(), Isa::Avx512(proof)),
        ];
        all.into_iter().filter_map(|(has, isa)| has.then_some(isa))
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
mod machine {
    cpufeatures::new!(avx2, "avx2");
    cpufeatures::new!(avx512, "avx2", "avx512f", "avx512bw", "avx512vl", "avx512vbmi");

    pub(super) const HAS_NEON: bool = false;

    #[inline]
    pub(super) fn has_avx2() -> bool {
        avx2::get()
    }

    #[inline]
    pub(super) fn has_avx512() -> bool {
        avx512::get()
    }
}

/// Miri interprets the portable kernels alone.
#[cfg(not(all(target_arch = "x86_64", not(miri))))]
mod machine {
    pub(super) const HAS_NEON: bool =
        cfg!(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon", not(miri)));

    pub(super) fn has_avx2() -> bool {
        false
    }

    pub(super) fn has_avx512() -> bool {
        false
    }
}

#[test]
fn what_is_best_is_available() {
    let all: Vec<Isa> = Isa::available().collect();
    assert_eq!((all.first(), all.last()), (Some(&Isa::Portable), Some(&Isa::best())));
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    assert_eq!(all.contains(&Isa::Avx2(Proof(()))), std::arch::is_x86_feature_detected!("avx2"));
}
