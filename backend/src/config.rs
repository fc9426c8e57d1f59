//! The settings: one struct per concern, each a flag and a variable of the same name. `duplex --help` is the manual.

mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use self::values::{
    console_folder, database, days, host_end, http_url, kibibytes, link_hours, log_filter, loopback, mebibytes,
    network, origin, rate, seconds, setup_code,
};
use crate::storage::DatabaseUrl;

/// Everything that can be set.
#[derive(Args, Clone, Debug)]
pub struct Config {
    #[command(flatten)]
    pub server: ServerConfig,
    #[command(flatten)]
    pub storage: StorageConfig,
    #[command(flatten)]
    pub secrets: SecretsConfig,
    #[command(flatten)]
    pub sandbox: SandboxConfig,
    #[command(flatten)]
    pub providers: ProvidersConfig,
    #[command(flatten)]
    pub sending: SendingConfig,
    #[command(flatten)]
    pub media: MediaConfig,
    #[command(flatten)]
    pub alerts: AlertsConfig,
    #[command(flatten)]
    pub webhooks: WebhooksConfig,
    #[command(flatten)]
    pub limits: LimitsConfig,
    #[command(flatten)]
    pub retention: RetentionConfig,
    #[command(flatten)]
    pub log: LogConfig,
}

/// Where the program listens and how it is reached.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct ServerConfig {
    /// What this node does. `all`: everything, the only choice on SQLite. `api`: answers requests and takes webhooks, and sends
    /// nothing. `worker`: sends, reads webhooks and looks after channels, and answers /healthz and /readyz only.
    #[arg(long, env = "DUPLEX_ROLE", default_value = "all", value_name = "ROLE", global = true)]
    pub role: NodeRole,

    /// Address of the console, the API and the providers' webhooks. Port 0 takes a free one.
    #[arg(long, env = "DUPLEX_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS", global = true)]
    pub listen: SocketAddr,

    /// The address under which browsers and providers reach this program, with its path prefix if it has one, such as
    /// https://example.com/whatsapp. Providers sign the address they call: a wrong one makes every webhook fail.
    /// [default: http:// and the listen address]
    #[arg(long, env = "DUPLEX_PUBLIC_URL", value_name = "URL", value_parser = http_url, global = true)]
    pub public_url: Option<Url>,

    /// Proxies whose X-Forwarded-For is believed, as addresses or networks, separated by commas. Behind a proxy that is
    /// not named here, all callers count as one in the limits per address.
    #[arg(long, env = "DUPLEX_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',', value_parser = network, global = true)]
    pub trusted_proxies: Vec<IpNet>,

    /// Other origins whose pages may call the API, with an API key or with the session of whoever looks at them, separated
    /// by commas: for a console that stands on a host of its own. Name only origins that you trust like this program. On
    /// another host they can sign in only when the public URL is https.
    #[arg(long, env = "DUPLEX_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = origin, global = true)]
    pub allowed_origins: Vec<String>,

    /// A folder with a console of your own (an index.html and its files), served instead of the built-in one.
    #[arg(long, env = "DUPLEX_CONSOLE_DIR", value_name = "FOLDER", value_parser = console_folder, global = true)]
    pub console_dir: Option<PathBuf>,

    /// Address of the Prometheus metrics, on a listener of their own. Off unless set; 127.0.0.1:9464 is customary.
    #[arg(long, env = "DUPLEX_METRICS_LISTEN", value_name = "ADDRESS", global = true)]
    pub metrics_listen: Option<SocketAddr>,

    /// Seconds that running requests and workers get to end when the program is asked to stop.
    #[arg(long, env = "DUPLEX_SHUTDOWN_GRACE", default_value = "20", value_name = "SECONDS", value_parser = seconds, global = true)]
    pub shutdown_grace: Duration,

    /// Threads that serve HTTP. [default: one per processor]
    #[arg(long, env = "DUPLEX_HTTP_WORKERS", value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256), global = true)]
    pub http_workers: Option<u16>,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
pub struct StorageConfig {
    /// Folder of everything that this program keeps beside the database. Made when missing.
    #[arg(long, env = "DUPLEX_DATA_DIR", default_value = "./data", value_name = "FOLDER", global = true)]
    pub data_dir: PathBuf,

    /// The database: sqlite:<file> or postgres://<user>:<password>@<host>/<name>. [default: sqlite:<data folder>/duplex.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", value_parser = database, hide_env_values = true, global = true)]
    pub database_url: Option<DatabaseUrl>,

    /// Connections to the database: PostgreSQL's pool, or SQLite's readers beside its one writer. [default: 8]
    #[arg(long, env = "DUPLEX_DATABASE_CONNECTIONS", value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..=500), global = true)]
    pub database_connections: Option<u32>,
}

/// What must not be known.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Secrets")]
pub struct SecretsConfig {
    /// The master key: 32 bytes in hexadecimal digits or base64 (openssl rand -base64 32). Seals credentials in the
    /// database; whoever loses it loses them. On SQLite one is made and kept in the data folder; on PostgreSQL it must be given.
    #[arg(long, env = "DUPLEX_SECRET_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<SecretString>,

    /// The one-time code with which the owner is made, at least 8 characters. [default: made and printed at each start until setup is done]
    #[arg(long, env = "DUPLEX_SETUP_CODE", value_name = "CODE", value_parser = setup_code, hide_env_values = true, global = true)]
    pub setup_code: Option<SecretString>,
}

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NodeRole {
    All,
    Api,
    Worker,
}

impl NodeRole {
    /// Whether it answers the API, the console and the providers' webhooks.
    pub const fn answers(self) -> bool {
        matches!(self, Self::All | Self::Api)
    }

    /// Whether it does the work that waits in the database.
    pub const fn works(self) -> bool {
        matches!(self, Self::All | Self::Worker)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// The providers' stand-in for sandbox workspaces.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sandbox")]
pub struct SandboxConfig {
    /// Whether the simulator runs, to which sandbox workspaces send.
    #[arg(long, env = "DUPLEX_SANDBOX", default_value = "on", value_name = "SWITCH", global = true)]
    pub sandbox: Switch,

    /// Loopback address of the simulator. Port 0 takes a free one at the first start and keeps it.
    #[arg(long, env = "DUPLEX_SIMULATOR_LISTEN", default_value = "127.0.0.1:0", value_name = "ADDRESS", value_parser = loopback, global = true)]
    pub simulator_listen: SocketAddr,

    /// Token of the simulator's own admin API. [default: a new one at each start]
    #[arg(long, env = "DUPLEX_SIMULATOR_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true, global = true)]
    pub simulator_admin_token: Option<SecretString>,
}

impl SandboxConfig {
    pub fn is_on(&self) -> bool {
        self.sandbox == Switch::On
    }
}

/// Where live workspaces' providers are reached.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Providers")]
pub struct ProvidersConfig {
    /// Base address of Meta's Graph API.
    #[arg(long, env = "DUPLEX_DIRECT_GRAPH_URL", default_value = "https://graph.facebook.com", value_name = "URL", value_parser = http_url, global = true)]
    pub direct_graph_url: Url,

    /// Base address of Twilio's main API.
    #[arg(long, env = "DUPLEX_TWILIO_API_URL", default_value = "https://api.twilio.com", value_name = "URL", value_parser = http_url, global = true)]
    pub twilio_api_url: Url,

    /// Base address of Twilio's Messaging API.
    #[arg(long, env = "DUPLEX_TWILIO_MESSAGING_URL", default_value = "https://messaging.twilio.com", value_name = "URL", value_parser = http_url, global = true)]
    pub twilio_messaging_url: Url,

    /// Base address of Twilio's Content API.
    #[arg(long, env = "DUPLEX_TWILIO_CONTENT_URL", default_value = "https://content.twilio.com", value_name = "URL", value_parser = http_url, global = true)]
    pub twilio_content_url: Url,

    /// Ends of the names of the hosts from which what people send to Meta's numbers is fetched, separated by commas. They see
    /// the access token: name Meta's own only.
    #[arg(long, env = "DUPLEX_DIRECT_MEDIA_HOSTS", default_value = ".fbsbx.com,.fbcdn.net,.facebook.com,.whatsapp.net", value_name = "HOSTS", value_delimiter = ',', value_parser = host_end, global = true)]
    pub direct_media_hosts: Vec<String>,

    /// Seconds that a provider has to answer. After it, what became of the message is unknown.
    #[arg(long, env = "DUPLEX_PROVIDER_TIMEOUT", default_value = "30", value_name = "SECONDS", value_parser = seconds, global = true)]
    pub provider_timeout: Duration,
}

/// Whether messages leave.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sending")]
pub struct SendingConfig {
    /// Start with sending held: nothing leaves, everything else works. For a restored backup or a promoted replica, which
    /// may not know what was sent after it was taken.
    #[arg(long, env = "DUPLEX_HOLD", global = true)]
    pub hold: bool,
}

/// Pictures, films, sounds and files.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Media")]
pub struct MediaConfig {
    /// Folder with the bytes of all media. Made when missing. On PostgreSQL with several nodes, all of them need the same
    /// folder, such as a network share. Copy it together with the database. [default: media in the data folder]
    #[arg(long, env = "DUPLEX_MEDIA_DIR", value_name = "FOLDER", global = true)]
    pub media_dir: Option<PathBuf>,

    /// Largest medium that is taken in, from an uploader or from a person, in MiB. WhatsApp carries 100 at most.
    #[arg(long, env = "DUPLEX_MEDIA_LIMIT", default_value = "100", value_name = "MIB", value_parser = mebibytes, global = true)]
    pub media_limit: u64,

    /// Hours that a link holds under which a provider fetches an outgoing medium. A message may wait 10 hours at Twilio, so
    /// at least 12.
    #[arg(long, env = "DUPLEX_MEDIA_LINK_VALIDITY", default_value = "24", value_name = "HOURS", value_parser = link_hours, global = true)]
    pub media_link_validity: Duration,
}

/// Where alerts may be told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Alerts")]
pub struct AlertsConfig {
    /// Origins of alert endpoints that may be called by http or in a private network, separated by commas, such as
    /// http://alerts.internal:9093. Everything else must be https and public.
    #[arg(long, env = "DUPLEX_ALERT_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = http_url, global = true)]
    pub alert_origins: Vec<Url>,
}

/// Where integrators may be told of events.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Webhooks")]
pub struct WebhooksConfig {
    /// Origins of webhook endpoints that may be called by http or in a private network, separated by commas, such as
    /// http://orders.internal:8000. Everything else must be https and public. Whoever may set endpoints can then send requests
    /// there.
    #[arg(long, env = "DUPLEX_WEBHOOK_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = http_url, global = true)]
    pub webhook_origins: Vec<Url>,
}

/// How much one caller may ask.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitsConfig {
    /// Requests a second with one API key, and the burst above it.
    #[arg(long, env = "DUPLEX_RATE_LIMIT_KEY", default_value = "1000", value_name = "COUNT", value_parser = rate, global = true)]
    pub rate_limit_key: u32,

    /// Requests a second of one signed-in user.
    #[arg(long, env = "DUPLEX_RATE_LIMIT_SESSION", default_value = "50", value_name = "COUNT", value_parser = rate, global = true)]
    pub rate_limit_session: u32,

    /// Requests a second of one address without a valid credential.
    #[arg(long, env = "DUPLEX_RATE_LIMIT_ADDRESS", default_value = "10", value_name = "COUNT", value_parser = rate, global = true)]
    pub rate_limit_address: u32,

    /// Sign-ins a minute of one address to one account. The account itself is never locked.
    #[arg(long, env = "DUPLEX_RATE_LIMIT_SIGN_IN", default_value = "10", value_name = "COUNT", value_parser = rate, global = true)]
    pub rate_limit_sign_in: u32,

    /// Largest body of a request to the API, in KiB.
    #[arg(long, env = "DUPLEX_BODY_LIMIT", default_value = "1024", value_name = "KIB", value_parser = kibibytes, global = true)]
    pub body_limit: usize,
}

/// How long things are kept. 0 keeps them for ever.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Retention")]
pub struct RetentionConfig {
    /// Days that raw webhooks are kept after they were processed. 0 keeps them for ever.
    #[arg(long, env = "DUPLEX_RETENTION_WEBHOOKS", default_value = "30", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_webhooks: Days,

    /// Days that messages are kept after they ended. 0 keeps them for ever.
    #[arg(long, env = "DUPLEX_RETENTION_MESSAGES", default_value = "0", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_messages: Days,

    /// Days that the bytes of outgoing media are kept after they were uploaded. 0 keeps them until they are deleted.
    #[arg(long, env = "DUPLEX_RETENTION_OUTBOUND_MEDIA", default_value = "0", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_outbound_media: Days,

    /// Days that the bytes of what people sent are kept, at most as long as messages are. 0 keeps them as long as messages.
    #[arg(long, env = "DUPLEX_RETENTION_INBOUND_MEDIA", default_value = "0", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_inbound_media: Days,

    /// Days that the events feed reaches back. 0 keeps it for ever.
    #[arg(long, env = "DUPLEX_RETENTION_EVENTS", default_value = "90", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_events: Days,

    /// Days that the log of webhooks to integrators is kept, and that what one of them has missed is tried or can be sent once
    /// more. 0 keeps it for ever; what the events feed has lost can't be sent in any case.
    #[arg(long, env = "DUPLEX_RETENTION_WEBHOOK_DELIVERIES", default_value = "30", value_name = "DAYS", value_parser = days, global = true)]
    pub retention_webhook_deliveries: Days,
}

/// A time to keep something; `None` is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub Option<Duration>);

/// What is written about what happens.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct LogConfig {
    /// Which lines are written, such as info, or info,duplex::http=debug for each request.
    #[arg(long, env = "DUPLEX_LOG", default_value = "info", value_name = "FILTER", value_parser = log_filter, global = true)]
    pub log: String,

    /// text for people, json for machines.
    #[arg(long, env = "DUPLEX_LOG_FORMAT", default_value = "text", value_name = "FORMAT", global = true)]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads settings from arguments (without the program's name) and the environment.
    ///
    /// # Errors
    /// A value is wrong; [`one_line`] makes a line of it.
    pub fn from_args<I, T>(args: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        use clap::FromArgMatches;
        let command = Self::augment_args(clap::Command::new("duplex").no_binary_name(true).args_override_self(true));
        Self::from_arg_matches(&command.try_get_matches_from(args)?)
    }

    /// The database in use.
    pub fn database(&self) -> DatabaseUrl {
        self.storage
            .database_url
            .clone()
            .unwrap_or_else(|| DatabaseUrl::Sqlite(self.storage.data_dir.join("duplex.db")))
    }

    /// The folder with the bytes of all media.
    pub fn media_dir(&self) -> PathBuf {
        self.media.media_dir.clone().unwrap_or_else(|| self.data_file("media"))
    }

    /// A file in the data folder.
    pub fn data_file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.storage.data_dir.join(name)
    }
}

/// One line that names flag, variable and reason, for a wrong value; what clap says, for everything else.
pub fn one_line(error: &clap::Error, command: &clap::Command) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue | ErrorKind::WrongNumberOfValues) {
        return None;
    }
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else { return None };
    let flag = shown.split_whitespace().next().unwrap_or(shown);
    let arg = command.get_arguments().find(|arg| arg.get_long().is_some_and(|long| flag == format!("--{long}")));
    let variable = arg.and_then(clap::Arg::get_env).map(|name| format!(" ({})", name.to_string_lossy()));
    let secret = arg.is_some_and(clap::Arg::is_hide_env_values_set);
    let value = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) if !secret => format!("{value:?}: "),
        _ => String::new(),
    };
    let reason = std::error::Error::source(error).map_or_else(|| allowed(error), ToString::to_string);
    Some(format!("{flag}{}: {value}{reason}", variable.unwrap_or_default()))
}

fn allowed(error: &clap::Error) -> String {
    use clap::error::{ContextKind, ContextValue};
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(words)) => format!("one of {}", words.join(", ")),
        _ => "not a valid value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(args: &[&str]) -> String {
        let command = Config::augment_args(clap::Command::new("duplex"));
        one_line(&Config::from_args(args).unwrap_err(), &command).unwrap()
    }

    #[test]
    fn a_wrong_value_is_one_line_with_flag_and_variable() {
        assert_eq!(
            line(&["--listen", "nowhere"]),
            r#"--listen (DUPLEX_LISTEN): "nowhere": invalid socket address syntax"#
        );
        assert_eq!(line(&["--sandbox", "maybe"]), r#"--sandbox (DUPLEX_SANDBOX): "maybe": one of on, off"#);
        assert_eq!(
            line(&["--simulator-listen", "0.0.0.0:1"]),
            r#"--simulator-listen (DUPLEX_SIMULATOR_LISTEN): "0.0.0.0:1": the simulator listens on loopback addresses only"#
        );
    }

    #[test]
    fn flags_and_variables_have_the_same_name() {
        let command = Config::augment_args(clap::Command::new("duplex"));
        for arg in command.get_arguments() {
            let flag = arg.get_long().unwrap().replace('-', "_").to_uppercase();
            let variable = arg.get_env().unwrap().to_string_lossy().into_owned();
            let expected = if flag == "DATABASE_URL" { flag.clone() } else { format!("DUPLEX_{flag}") };
            assert_eq!(variable, expected);
            assert!(arg.get_help().is_some() && arg.is_global_set(), "{flag}");
        }
    }

    #[test]
    fn secrets_are_not_repeated() {
        assert_eq!(line(&["--setup-code", "short"]), "--setup-code (DUPLEX_SETUP_CODE): at least 8 characters");
        assert!(!line(&["--database-url", "mysql://u:pw@h/d"]).contains("pw"));
        let config = Config::from_args(["--setup-code", "very-secret", "--secret-key", "hidden"]).unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("very-secret") && !shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn defaults_suit_a_first_start() {
        let config = Config::from_args(["--data-dir", "/tmp/x"]).unwrap();
        assert_eq!(config.database(), DatabaseUrl::Sqlite("/tmp/x/duplex.db".into()));
        assert!(config.sandbox.is_on());
        assert_eq!(config.limits.body_limit, 1 << 20);
    }
}
