//! The command line.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use duplex::app::{self, admin};
use duplex::config::{Config, one_line};
use duplex::domain::provider::Environment;
use duplex::vault::MasterKey;
use duplex::{http, telemetry};
use secrecy::{ExposeSecret, SecretString};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MANUAL: &str = "Every setting is a flag and a variable of the same name; a flag wins. Settings may stand before or after a command.\n\n\
    First start: run duplex, open the address that it prints, and make the owner with the setup code that it prints. \
    The sandbox works at once; live channels need a provider's credentials and a public address (--public-url).";

/// One API and one console for WhatsApp over two providers, Twilio and Meta's Cloud API.
#[derive(Parser)]
#[command(version, args_override_self = true, after_help = MANUAL)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console, the API and the providers' webhooks. What is done without a command.
    Serve,
    /// Bring the database to this version and end.
    Migrate,
    /// Print the API's description (OpenAPI 3.1).
    Openapi,
    /// Run only the simulator of both providers, at --simulator-listen.
    Simulate,
    /// Tasks on the database of an installation. With SQLite, stop the program first (but not for a backup).
    #[command(subcommand)]
    Admin(Admin),
}

#[derive(Subcommand)]
enum Admin {
    /// Set a user's password and end all sessions. The password is read from standard input; at a terminal one is made and printed.
    ResetPassword {
        /// The user's e-mail address.
        email: String,
    },
    /// Make or list workspaces.
    #[command(subcommand)]
    Workspace(WorkspaceTask),
    /// Seal all secrets with a new master key. With a key in the data folder, a new one is made there; otherwise the new
    /// one is read from standard input, and must be given as DUPLEX_SECRET_KEY from then on. Stop all nodes first.
    Rekey,
    /// Copy the SQLite database to a new file; the program may run. Keep the master key apart from it.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum WorkspaceTask {
    /// Make a workspace that all owners own.
    Create {
        name: String,
        #[arg(long)]
        environment: Kind,
    },
    /// List all workspaces: id, environment, name.
    List,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Sandbox,
    Live,
}

impl From<Kind> for Environment {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Sandbox => Self::Sandbox,
            Kind::Live => Self::Live,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match one_line(&error, &Cli::command()) {
            Some(line) => return fail(&line),
            None => error.exit(),
        },
    };
    telemetry::start_log(&cli.config.log);
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

/// One line on standard error; there is nobody left to tell when that fails.
fn fail(line: &str) -> ExitCode {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(std::io::stderr(), "duplex: {line}");
    ExitCode::FAILURE
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await?,
        Command::Migrate => admin::migrate(&config).await?,
        Command::Openapi => std::io::stdout().write_all(http::openapi::json()?.as_bytes())?,
        Command::Simulate => simulate(&config).await?,
        Command::Admin(task) => administer(&config, task).await?,
    }
    Ok(())
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let app = app::build(config).await?;
    say(&format!("Duplex {} listens on {}", env!("CARGO_PKG_VERSION"), app.local_url()?))?;
    if app.context.config.server.public_url.is_some() {
        say(&format!("Browsers and providers find it at {}", app.context.public_url.join("/")))?;
    }
    if let Some(code) = &app.setup_code {
        say(&format!("Setup code, good for one use: {}", code.expose_secret()))?;
    }
    if app.context.config.sending.hold {
        say("Sending is held: start without --hold to let messages go")?;
    }
    Ok(app.run_until_stopped().await?)
}

async fn simulate(config: &Config) -> anyhow::Result<()> {
    let simulator = app::start_simulator(config).await?;
    say(&format!("Simulator of both providers on {}", simulator.base_url()))?;
    say(&format!("Token of its admin API: {}", simulator.admin_token()))?;
    app::stop_asked().await?;
    simulator.stop().await;
    Ok(())
}

async fn administer(config: &Config, task: Admin) -> anyhow::Result<()> {
    match task {
        Admin::ResetPassword { email } => {
            let made = admin::reset_password(config, &email, piped()?).await?;
            match made {
                Some(password) => say(&format!("New password: {}", password.expose_secret()))?,
                None => say("The password is set and all sessions are ended")?,
            }
        }
        Admin::Workspace(WorkspaceTask::Create { name, environment }) => {
            let workspace = admin::create_workspace(config, &name, environment.into()).await?;
            say(&workspace.id.to_string())?;
        }
        Admin::Workspace(WorkspaceTask::List) => {
            for workspace in admin::list_workspaces(config).await? {
                say(&format!("{} {:<7} {}", workspace.id, workspace.environment.as_str(), workspace.name))?;
            }
        }
        Admin::Rekey => {
            let key = piped()?.map(|text| MasterKey::parse(&text)).transpose()?;
            let done = admin::rekey(config, key).await?;
            let place = if done.kept { "it is in the data folder" } else { "give it as DUPLEX_SECRET_KEY from now on" };
            say(&format!("{} values are sealed with the new key; {place}", done.values))?;
        }
        Admin::Backup { file } => {
            admin::back_up(config, &file).await?;
            say(&format!("{} holds the database; the master key is not in it", file.display()))?;
        }
    }
    Ok(())
}

/// What was piped in, without the line's end; `None` at a terminal or when nothing came.
fn piped() -> anyhow::Result<Option<SecretString>> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    let text = text.trim_end_matches(['\r', '\n']);
    Ok((!text.is_empty()).then(|| text.to_owned().into()))
}
