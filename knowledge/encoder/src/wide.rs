//! Code in the widest vectors that the processor has.

/// Runs what is inlined into it, compiled once for every width of vectors; at run time the widest is taken.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]
pub(crate) fn widely<R>(run: impl FnOnce() -> R) -> R {
    #[cfg(feature = "simd")]
    return pulp::Arch::new().dispatch(run);
    #[cfg(not(feature = "simd"))]
    run()
}
