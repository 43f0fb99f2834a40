//! As much of JSON Schema as Discord's description uses.

use serde_json::{Map, Value};

/// The description.
#[derive(Debug)]
pub(super) struct Schemas {
    pub(super) all: Value,
}

impl Schemas {
    pub(super) const fn new(all: Value) -> Self {
        Self { all }
    }

    /// What a reference refers to.
    pub(super) fn followed<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
            Some(pointer) => self.all.pointer(pointer).map_or(schema, |found| self.followed(found)),
            None => schema,
        }
    }

    /// The value is as the schema says.
    pub(super) fn check(&self, place: &str, schema: &Value, value: &Value, problems: &mut Vec<String>) {
        let schema = self.followed(schema);
        for choices in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choices].as_array() {
                self.check_choices(place, choices, value, problems);
            }
        }
        if !fits_type(&schema["type"], value) {
            problems.push(format!("{place} is no {}: {value}", schema["type"]));
            return;
        }
        check_value(place, schema, value, problems);
        if let Some(items) = value.as_array() {
            check_number(place, "items", items.len(), &schema["minItems"], &schema["maxItems"], problems);
            if let Some(each) = schema.get("items") {
                for (nth, item) in items.iter().enumerate() {
                    self.check(&format!("{place}[{nth}]"), each, item, problems);
                }
            }
        }
        if let Some(object) = value.as_object() {
            self.check_object(place, schema, object, problems);
        } else {
            for part in schema["allOf"].as_array().into_iter().flatten() {
                self.check(place, part, value, problems);
            }
        }
    }

    /// Of several possibilities the one that fits best tells what is wrong.
    fn check_choices(&self, place: &str, choices: &[Value], value: &Value, problems: &mut Vec<String>) {
        let mut best: Option<Vec<String>> = None;
        for choice in choices {
            let mut found = Vec::new();
            self.check(place, choice, value, &mut found);
            if found.is_empty() {
                return;
            }
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        problems.extend(best.unwrap_or_default());
    }

    fn check_object(&self, place: &str, schema: &Value, object: &Map<String, Value>, problems: &mut Vec<String>) {
        let mut known = Vec::new();
        let mut open = false;
        self.collect(schema, &mut known, &mut open, place, object, problems);
        for (name, value) in object {
            match known.iter().find(|(known, _)| known == name) {
                Some((_, property)) => self.check(&format!("{place}.{name}"), property, value, problems),
                None if open || known.is_empty() => {}
                None => problems.push(format!("{place}: there is no field {name}")),
            }
        }
    }

    /// The properties of a schema and of all that it consists of.
    fn collect<'a>(
        &'a self,
        schema: &'a Value,
        known: &mut Vec<(String, &'a Value)>,
        open: &mut bool,
        place: &str,
        object: &Map<String, Value>,
        problems: &mut Vec<String>,
    ) {
        let schema = self.followed(schema);
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                problems.push(format!("{place}: {name} is missing"));
            }
        }
        let properties = schema["properties"].as_object().into_iter().flatten();
        known.extend(properties.map(|(name, property)| (name.clone(), property)));
        match &schema["additionalProperties"] {
            Value::Null | Value::Bool(false) => {}
            _ => *open = true,
        }
        *open |= schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.collect(part, known, open, place, object, problems);
        }
    }
}

fn fits_type(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(kind) => fits(kind, value),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(|kind| fits(kind, value)),
        _ => true,
    }
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_str().is_some_and(|text| text.parse::<i128>().is_ok())
        }
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn check_value(place: &str, schema: &Value, value: &Value, problems: &mut Vec<String>) {
    if let Some(constant) = schema.get("const")
        && constant != value
    {
        problems.push(format!("{place} is not {constant}: {value}"));
    }
    if let Some(all) = schema["enum"].as_array()
        && !all.contains(value)
    {
        problems.push(format!("{place} is none of {all:?}: {value}"));
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count();
        check_number(place, "characters", length, &schema["minLength"], &schema["maxLength"], problems);
        if schema["format"] == "snowflake" && text.parse::<u64>().is_err() {
            problems.push(format!("{place} is no id: {value}"));
        }
    }
    if let Some(number) = value.as_f64() {
        let below = schema["minimum"].as_f64().is_some_and(|least| number < least);
        let above = schema["maximum"].as_f64().is_some_and(|most| number > most);
        if below || above {
            problems.push(format!("{place} is out of its range: {value}"));
        }
    }
}

fn check_number(place: &str, what: &str, number: usize, least: &Value, most: &Value, problems: &mut Vec<String>) {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    if least.as_u64().is_some_and(|least| number < least) || most.as_u64().is_some_and(|most| number > most) {
        problems.push(format!("{place} has {number} {what}"));
    }
}
