//! Macros.

use std::collections::BTreeMap;

use firstline_engine::{
    macros::{Macro, MacroAction},
    ports::MacroChanges,
    ticket::Priority,
};
use firstline_knowledge::Language;

use crate::support::{Desk, NOW, later};

fn made(name: &str, texts: &[(Language, &str)], actions: &[MacroAction]) -> Macro {
    let texts: BTreeMap<_, _> = texts.iter().map(|&(language, text)| (language, text.to_owned())).collect();
    Macro::new(name.parse().unwrap(), texts, actions.to_vec()).unwrap()
}

pub(crate) async fn macros_are_kept_replaced_and_removed(desk: &Desk) {
    assert_eq!(desk.store.macros().await.unwrap(), []);
    let vpn = made(
        "vpn",
        &[(Language::En, "Hi {requester}"), (Language::De, "Hallo\n{requester}")],
        &[MacroAction::Priority(Priority::High), MacroAction::Resolve],
    );
    let printer = made("drucker", &[(Language::De, "Papier?")], &[]);
    let put = |macros: Vec<Macro>, prune| async move { desk.store.put_macros(&macros, prune, "cli", NOW).await.unwrap() };
    let changes = put(vec![vpn.clone(), printer.clone()], false).await;
    assert_eq!(changes, MacroChanges { added: 2, ..MacroChanges::default() });
    assert_eq!(desk.store.macros().await.unwrap(), [printer.clone(), vpn.clone()], "by name");

    let english = made("drucker", &[(Language::En, "Paper?")], &[]);
    let changes = put(vec![vpn.clone(), english.clone()], false).await;
    assert_eq!(changes, MacroChanges { replaced: 1, unchanged: 1, ..MacroChanges::default() });
    assert_eq!(desk.store.macros().await.unwrap(), [english, vpn.clone()]);
    let changes = put(vec![vpn.clone()], true).await;
    assert_eq!(changes, MacroChanges { unchanged: 1, removed: 1, ..MacroChanges::default() });
    assert_eq!(desk.store.macros().await.unwrap(), std::slice::from_ref(&vpn));
    assert!(desk.store.remove_macro(&vpn.name, "cli", later(1)).await.unwrap());
    assert!(!desk.store.remove_macro(&vpn.name, "cli", later(2)).await.unwrap());

    let audit = desk.store.audit(10).await.unwrap();
    let lines: Vec<_> = audit.iter().rev().map(|it| (it.action.as_str(), it.subject.as_str())).collect();
    let (set, remove) = ("macro.set", "macro.remove");
    assert_eq!(lines, [(set, "vpn"), (set, "drucker"), (set, "drucker"), (remove, "drucker"), (remove, "vpn")]);
}
