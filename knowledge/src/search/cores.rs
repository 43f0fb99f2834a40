//! Work on all cores of the machine.

/// Number of cores.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Works on equal parts of `items`, one on each core, but no parts of fewer than `fewest`; what became of them, in their order.
pub(super) fn on_all_cores<T: Sync, R: Send>(items: &[T], fewest: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let parts: Vec<&[T]> = items.chunks(items.len().div_ceil(cores()).max(fewest).max(1)).collect();
    let [first, others @ ..] = &parts[..] else { return Vec::new() };
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = others.iter().map(|&part| (part, scope.spawn(move || work(part)))).collect();
        let mut done = vec![work(first)];
        // A worker that died is done over here: it would die here as well, with its message.
        done.extend(others.into_iter().map(|(part, worker)| worker.join().unwrap_or_else(|_| work(part))));
        done
    })
}
