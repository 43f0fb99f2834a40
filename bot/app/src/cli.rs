//! What can be typed after `firstline`.

pub(crate) mod macros;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use firstline_engine::{people::Platform, ticket::TicketNumber};
use firstline_knowledge::Language;
use secrecy::SecretString;

use crate::config::LogFormat;

const DATABASE_HELP: &str =
    "Use this database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [env: FIRSTLINE_DATABASE__URL]";

const EXAMPLES: &str = "\
Examples:
  firstline                                     serve, with defaults
  firstline chat                                ask the desk, as an employee
  firstline chat --agent anna                   help, as an agent, in a second terminal
  firstline kb ask \"my outlook does not connect\"
  firstline --database postgres://desk:PASSWORD@db/desk serve

Exit codes: 0 done, 1 failed, 2 the command line or the configuration cannot be used.";

/// The first level of a helpdesk, in the chats people already use.
///
/// Firstline answers from a knowledge base, walks people through a fix, and hands over to a human where that does not help.
/// It needs no configuration to try; `firstline init` writes a file with everything that can be set.
#[derive(Debug, Parser)]
#[command(name = "firstline", version, after_help = EXAMPLES, disable_help_subcommand = true, infer_long_args = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Without a command, Firstline serves.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Flags for every command")]
pub(crate) struct Common {
    #[arg(
        help = "Read this file instead of firstline.toml [env: FIRSTLINE_CONFIG]",
        long,
        global = true,
        value_name = "PATH"
    )]
    pub(crate) config: Option<PathBuf>,
    #[arg(help = DATABASE_HELP, long, global = true, value_name = "URL")]
    pub(crate) database: Option<SecretString>,
    /// Write the log, which goes to standard error, in this form
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// Log this: error, warn, info, debug, trace, or per part, as in "warn,firstline=debug"
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// Say and log nothing but errors and what was asked for
    #[arg(long, short, global = true, conflicts_with = "log")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the desk: answer on every platform that is configured, until stopped (the default)
    Serve,
    /// Write a firstline.toml with every setting, explained and commented out
    Init(Init),
    /// Check everything and say how to mend what is wrong
    Doctor(Json),
    /// Talk to the desk in this terminal, as an employee or as an agent
    Chat(Chat),
    /// Create the database or bring it up to date (serve and chat do this by themselves)
    Migrate(Migrate),
    /// Look after the articles that the desk answers from
    #[command(subcommand)]
    Kb(Kb),
    /// Look at tickets
    #[command(subcommand)]
    Ticket(Ticket),
    /// Say who is an agent
    #[command(subcommand)]
    Agent(Agent),
    /// Look after the canned answers of agents
    #[command(subcommand)]
    Macro(macros::Macro),
    /// Get the bot on Telegram ready
    #[command(subcommand)]
    Telegram(Telegram),
    /// Set up the app on Discord
    #[command(subcommand)]
    Discord(Discord),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Discord {
    /// Register the commands, print the link that invites the app, and say what is still to be done by hand
    Setup(Json),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Replace the file if there is one
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Json {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const CHAT_EXAMPLES: &str = "\
Examples:
  firstline chat                         ask, under the name you are logged in with
  firstline chat --as kim --language de  ask, as Kim, in German
  firstline chat --agent anna            help, as the agent Anna (a new account becomes an agent)
  echo \"vpn does not work\" | firstline chat

No server has to run: both sides work on the same database, and they work while `firstline serve` runs, too.";

#[derive(Debug, Args)]
#[command(after_help = CHAT_EXAMPLES)]
pub(crate) struct Chat {
    /// Ask under this name
    #[arg(long = "as", value_name = "NAME", value_parser = account_name)]
    pub(crate) name: Option<String>,
    /// Help as this agent
    #[arg(long, value_name = "NAME", value_parser = account_name, conflicts_with = "name")]
    pub(crate) agent: Option<String>,
    /// Speak this language with me (en or de)
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Only tell how far the database is
    #[arg(long)]
    pub(crate) status: bool,
    #[command(flatten)]
    pub(crate) output: Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Kb {
    /// Take in articles from Markdown files
    Import(KbImport),
    /// Write all articles as Markdown files, LANGUAGE/ID.md
    Export(KbExport),
    /// List the articles
    List(KbList),
    /// Ask the knowledge base a question and see what it concludes
    Ask(KbAsk),
    /// Measure the answers on a set of questions whose answers are known
    Eval(KbEval),
    /// Check that every article is found by its own title and phrasings, and does not answer what it is not for
    Test(Json),
}

const IMPORT_HELP: &str = "\
An article is a Markdown file with front matter; `firstline kb export` shows what they look like. In a folder, every *.md file
is read, in subfolders too, except README.md and what begins with a dot. Articles replace those of the same id and language.
If any file has an error, all errors are listed and nothing is imported.

Examples:
  firstline kb import articles/
  firstline kb import articles/en/vpn-cannot-connect.md
  firstline kb import articles/ --prune --dry-run    what would be removed?
  firstline kb import articles/ --test               not if an article stops being found by its own words";

#[derive(Debug, Args)]
#[command(after_help = IMPORT_HELP)]
pub(crate) struct KbImport {
    /// Folders or files
    #[arg(required = true, value_name = "DIR|FILE")]
    pub(crate) paths: Vec<PathBuf>,
    /// Remove all articles that are not among these files
    #[arg(long)]
    pub(crate) prune: bool,
    /// Only tell what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Import nothing if `kb test` would find something wrong that it does not find now
    #[arg(long)]
    pub(crate) test: bool,
    #[command(flatten)]
    pub(crate) output: Json,
}

#[derive(Debug, Args)]
pub(crate) struct KbExport {
    /// Where to; created if missing
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Write into a folder that is not empty, replacing files of the same name
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KbList {
    /// Only this language (en or de)
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) output: Json,
}

const ASK_HELP: &str = "\
With --json exactly this is printed:
  {\"verdict\":\"answer|ambiguous|unknown\",\"confidence\":0.0-1.0,\"articles\":[{\"id\",\"title\",\"language\",\"score\"},...]}
and with --explain also \"explanation\".

Examples:
  firstline kb ask \"my outloook wont conect\"
  firstline kb ask --explain \"my outloook wont conect\"
  firstline kb ask \"drucker druckt nicht\" --json";

#[derive(Debug, Args)]
#[command(after_help = ASK_HELP)]
pub(crate) struct KbAsk {
    /// The question, as an employee would type it
    #[arg(required = true, num_args = 1.., value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    /// The asker's language (en or de); recognised from the question when not given
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,
    /// Say why: what each word and each article's texts contributed, and which limit decided
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) output: Json,
}

const EVAL_HELP: &str = "\
Articles are a folder of Markdown files, or JSON lines {\"id\",\"language\",\"title\",\"phrasings\":[],\"body\"}. Queries are JSON lines
{\"text\",\"language\"?,\"expect\":[\"id\",...]}; an empty expect means that nothing should be answered. The database is not used.
--out writes a line for each query: {\"text\",\"verdict\",\"confidence\",\"ranked\":[[\"id\",score],...]}

Examples:
  firstline kb eval --articles articles/ --queries questions.jsonl
  firstline kb eval --articles base.jsonl --queries questions.jsonl --out results.jsonl --json";

#[derive(Debug, Args)]
#[command(after_help = EVAL_HELP)]
pub(crate) struct KbEval {
    /// The articles
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) articles: PathBuf,
    /// The questions
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: PathBuf,
    /// Write here what became of each question
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ticket {
    /// List the open tickets, those to be worked on first at the top
    List(TicketList),
    /// Show a ticket with everything that happened in it
    Show(TicketShow),
}

#[derive(Debug, Args)]
pub(crate) struct TicketList {
    /// Resolved and closed ones, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Only this queue
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<String>,
    #[command(flatten)]
    pub(crate) output: Json,
}

#[derive(Debug, Args)]
pub(crate) struct TicketShow {
    /// Its number, such as 1042
    #[arg(value_name = "NUMBER")]
    pub(crate) number: TicketNumber,
    #[command(flatten)]
    pub(crate) output: Json,
}

const SETUP_HELP: &str = "\
Tells Telegram what the bot says of itself (menus of commands and descriptions, in English and German), makes its updates come
the way telegram.mode says, and then checks the token, privacy mode, and the bot's rights in each staff room, and says what to
click. It can be run again at any time; `firstline doctor` makes the same checks and changes nothing.";

#[derive(Debug, Subcommand)]
pub(crate) enum Telegram {
    /// Introduce the bot to Telegram, and say what is still to be clicked
    #[command(after_help = SETUP_HELP)]
    Setup(Json),
}

const AGENT_EXAMPLES: &str = "\
Examples:
  firstline agent add anna                                      may use `firstline chat --agent anna`
  firstline agent add Anna --platform telegram --user-id 123    by Telegram's own id of the user
  firstline agent remove anna";

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Make an account an agent
    #[command(after_help = AGENT_EXAMPLES)]
    Add(AgentAdd),
    /// List agents and admins
    List(Json),
    /// Take the role from an account; it can still ask
    #[command(after_help = AGENT_EXAMPLES)]
    Remove(AgentAccount),
}

#[derive(Debug, Args)]
pub(crate) struct AgentAdd {
    #[command(flatten)]
    pub(crate) account: AgentAccount,
    /// Make it an admin, who also curates knowledge and settings
    #[arg(long)]
    pub(crate) admin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AgentAccount {
    /// What to call the agent; in the terminal that is the account as well
    #[arg(value_name = "NAME", value_parser = account_name)]
    pub(crate) name: String,
    /// The account's platform: terminal, discord, telegram or web
    #[arg(long, default_value = "terminal", value_name = "PLATFORM")]
    pub(crate) platform: Platform,
    /// The platform's own, unchangeable id of the user (on Discord and Telegram a number), never a name that its owner can change
    #[arg(long, value_name = "ID", required_if_eq_any = [("platform", "discord"), ("platform", "telegram"), ("platform", "web")])]
    pub(crate) user_id: Option<String>,
}

/// Longest name of an account, in bytes: names of files are made of it.
const LONGEST_NAME: usize = 64;

/// Reads the command line; prints help or a usage error and ends the program where that is what is to be done.
pub(crate) fn parse() -> Cli {
    Cli::parse()
}

/// A name as people give it: something to see, on one line.
pub(crate) fn account_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        return Err("a name cannot be blank".to_owned());
    }
    if name.chars().any(char::is_control) {
        return Err("a name has no control characters".to_owned());
    }
    if name.len() > LONGEST_NAME {
        return Err(format!("a name has at most {LONGEST_NAME} bytes"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_people_type_is_understood() {
        let check = |line: &str, good: bool| {
            let outcome = Cli::try_parse_from(line.split(' '));
            assert_eq!(outcome.is_ok(), good, "{line}: {outcome:?}");
        };
        check("firstline", true);
        check("firstline --database sqlite:a.db", true);
        check("firstline kb ask my outlook wont connect --json --database sqlite:a.db", true);
        check("firstline chat --agent anna", true);
        check("firstline chat --agent anna --as kim", false);
        check("firstline chat --language fr", false);
        check("firstline kb ask", false);
        check("firstline kb eval --articles a --queries b", true);
        check("firstline kb eval --articles a", false);
        check("firstline kb import", false);
        check("firstline ticket show #1042", true);
        check("firstline ticket show abc", false);
        check("firstline agent add anna", true);
        check("firstline agent add anna --platform telegram", false);
        check("firstline agent add anna --platform telegram --user-id 123 --admin", true);
        check("firstline agent add anna --platform fax --user-id 123", false);
        check("firstline macro set vpn --en Hi --do priority=high --do resolve", true);
        check("firstline macro set vpn --do burn", false);
        check("firstline macro set v/pn --en Hi", false);
        check("firstline macro import a.toml --prune", true);
        check("firstline macro export", true);
        check("firstline telegram setup --json", true);
        check("firstline telegram", false);
        check("firstline -q --log debug", false);
        check("firstline sevre", false);
    }
}
