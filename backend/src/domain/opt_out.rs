//! The words by which people leave and come back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::inbound::InboundContent;
use super::suppression::SuppressionScope;

/// Most words of a list, and the longest one in characters.
pub const MOST_WORDS: usize = 100;
pub const LONGEST_WORD: usize = 100;

/// English, Portuguese, Spanish, French, German and Italian. Words that also answer a question, such as "cancel", are left out:
/// where Twilio itself takes them for an opt-out (twilio.md §5), it says so.
const WORDS: [&str; 32] = [
    "stop",
    "unsubscribe",
    "stopall",
    "revoke",
    "optout",
    "stop all",
    "opt out",
    "opt-out",
    "stop promotions",
    "remove me",
    "parar",
    "pare",
    "sair",
    "descadastrar",
    "cancelar inscrição",
    "parar promoções",
    "baja",
    "dar de baja",
    "darme de baja",
    "detener",
    "salir",
    "cancelar suscripción",
    "detener promociones",
    "arrêt",
    "arrêter",
    "se désabonner",
    "désinscription",
    "stopp",
    "abmelden",
    "abbestellen",
    "disiscrivi",
    "annulla iscrizione",
];
const OPT_IN_WORDS: [&str; 12] = [
    "start",
    "unstop",
    "subscribe",
    "opt in",
    "opt-in",
    "optin",
    "inscrever",
    "quero receber",
    "alta",
    "suscribir",
    "suscribirme",
    "darme de alta",
];

/// What a workspace hears as leaving and coming back. A word counts when it is all that was written or pressed; case, accents
/// and punctuation at the end make no difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OptOutWords {
    /// Whoever writes one of these gets no more messages.
    #[schema(max_items = 100, examples(json!(["stop", "sair", "baja"])))]
    pub words: Vec<String>,
    /// Whoever writes one of these gets messages again, whatever had ended them.
    #[schema(max_items = 100, examples(json!(["start", "alta"])))]
    pub opt_in_words: Vec<String>,
    /// What is ended by a word.
    pub scope: SuppressionScope,
}

impl Default for OptOutWords {
    fn default() -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self { words: owned(&WORDS), opt_in_words: owned(&OPT_IN_WORDS), scope: SuppressionScope::default() }
    }
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Out,
    In,
}

impl OptOutWords {
    /// What this text asks for, if it is one of the words. What stands in both lists ends messages.
    pub fn heard(&self, text: &str) -> Option<Asked> {
        let said = folded(text);
        if said.is_empty() {
            return None;
        }
        let among = |words: &[String]| words.iter().any(|word| folded(word) == said);
        if among(&self.words) { Some(Asked::Out) } else { among(&self.opt_in_words).then_some(Asked::In) }
    }

    /// What a person's message asks for, and the word itself: of a text the whole of it, of a template's button its
    /// payload or its text. The buttons of other messages are answers.
    pub fn heard_in<'a>(&self, content: &'a InboundContent) -> Option<(Asked, &'a str)> {
        let said: [Option<&str>; 2] = match content {
            InboundContent::Text(text) => [Some(&text.body), None],
            InboundContent::ButtonReply(button) if button.template => [button.id.as_deref(), Some(&button.title)],
            _ => [None, None],
        };
        said.into_iter().flatten().find_map(|text| Some((self.heard(text)?, text.trim())))
    }
}

/// The text as words are compared: without case, accents, punctuation at the end and superfluous blanks.
fn folded(text: &str) -> String {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe0f}'))
        .map(without_accent)
        .collect();
    let blanks_joined: Vec<&str> = plain.split_whitespace().collect();
    let ends = |c: char| {
        c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '…' | '。' | '！' | '？' | '’' | '”' | '»')
    };
    blanks_joined.join(" ").trim_end_matches(ends).to_owned()
}

const fn without_accent(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::inbound::{ButtonReply, InboundText};

    #[test]
    fn a_word_is_heard_however_it_is_written() {
        let words = OptOutWords::default();
        for text in
            ["STOP", " stop ", "Stop!", "stop.", "Stop all", "ARRET", "arrêt…", "Cancelar  inscricao", "Baja 。"]
        {
            assert_eq!(words.heard(text), Some(Asked::Out), "{text}");
        }
        for text in ["START", "Alta", "unstop!!"] {
            assert_eq!(words.heard(text), Some(Asked::In), "{text}");
        }
        for text in ["", "!", "don't stop", "stop it", "Please stop sending", "s t o p", "🛑"] {
            assert_eq!(words.heard(text), None, "{text}");
        }
    }

    #[test]
    fn a_press_speaks_by_its_payload_or_its_text() {
        let words = OptOutWords::default();
        let press = |id: Option<&str>, title: &str| {
            InboundContent::ButtonReply(ButtonReply {
                id: id.map(str::to_owned),
                title: title.to_owned(),
                template: true,
            })
        };
        assert_eq!(words.heard_in(&press(Some("STOP"), "No more")), Some((Asked::Out, "STOP")));
        assert_eq!(words.heard_in(&press(Some("btn-2"), "Stop promotions")), Some((Asked::Out, "Stop promotions")));
        assert_eq!(words.heard_in(&press(None, "Yes, please")), None);
        let answer = ButtonReply { id: None, title: "Stop".to_owned(), template: false };
        assert_eq!(words.heard_in(&InboundContent::ButtonReply(answer)), None, "it answers what was asked");
        let text = InboundContent::Text(InboundText { body: " Sair ".to_owned() });
        assert_eq!(words.heard_in(&text), Some((Asked::Out, "Sair")));
    }

    proptest! {
        #[test]
        fn no_default_word_means_both(index in 0..WORDS.len(), shouted in any::<bool>(), end in "[ .!?]{0,3}") {
            let word = if shouted { WORDS[index].to_uppercase() } else { WORDS[index].to_owned() };
            prop_assert_eq!(OptOutWords::default().heard(&format!("{word}{end}")), Some(Asked::Out));
            prop_assert!(!OPT_IN_WORDS.iter().any(|other| folded(other) == folded(&word)));
        }

        #[test]
        fn whatever_is_written_does_no_harm(text in any::<String>()) {
            let _ = OptOutWords::default().heard(&text);
        }
    }
}
