/** A label's value between its quotes. */
export function escapeLabelValue(text: string): string {
  return /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, escapeCharacter) : text
}

/** A help text. OpenMetrics escapes quotes in it, too; the older format shows the backslash then. */
export function escapeHelp(text: string, quotes: boolean): string {
  return text.replace(quotes ? /[\\"\n]/g : /[\\\n]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`
}
