const plain = /^[ !#-%'-;=?-[\]-~]*$/
const loneSurrogate = /\p{Surrogate}/gu
// oxlint-disable-next-line no-control-regex -- control characters are what is escaped
const special = /["\\<>&\u0000-\u001f\u2028\u2029]/g

/** A text as Go 1.19's `encoding/json` writes it: `<`, `>`, `&` and line separators escaped, `\b` and `\f` as numbers. */
export function goJsonString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  return `"${text.replace(loneSurrogate, '\ufffd').replace(special, escape)}"`
}

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
