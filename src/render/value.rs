//! Makes values for templates.

use tera::Value;

/// Makes a map with these entries.
pub(super) fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    let mut map = tera::Map::default();
    for (key, value) in entries {
        map.insert(key.into(), value);
    }
    Value::from(map)
}
