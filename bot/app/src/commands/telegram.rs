//! `firstline telegram setup`: introduces the bot to Telegram, and says what is still to be clicked.

use anyhow::Context as _;
use firstline_engine::phrases::Phrases;

use super::doctor;
use crate::{
    cli::Telegram,
    compose::platforms,
    config::{Settings, variable},
    invocation, output,
};

pub(super) async fn run(settings: &Settings, telegram: &Telegram, common: &crate::cli::Common) -> anyhow::Result<()> {
    let Telegram::Setup(flags) = telegram;
    let bot = platforms::telegram(settings)?.with_context(|| {
        format!("there is no token: get one from @BotFather and set {}", variable("telegram.token"))
    })?;
    bot.set_way().await?;
    bot.introduce(&Phrases::new(), settings.desk.default_language).await?;
    if !flags.json {
        output::line("Telegram knows the bot's commands and descriptions now, in English and German.")?;
    }
    doctor::report(&doctor::telegram::checks(settings, &invocation::command(common)).await, flags.json)
}
