/** A place in a text, counted from 1. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** What reading JSONC gives: the value, or where it went wrong as far as known. The file's text is never shown. */
export type JsoncResult = { readonly value: unknown } | { readonly wrongAt: TextPosition | undefined }

/** JSON with `//` and block comments and commas before a closing bracket, as editors write it, with or without a BOM. */
export function parseJsonc(text: string): JsoncResult {
  const plain = blankExtras(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text)
  try {
    return { value: JSON.parse(plain) }
  } catch (cause) {
    return { wrongAt: positionOf(plain, cause as Error) }
  }
}

/** Replaces comments and trailing commas with spaces, so that every other character keeps its place. */
function blankExtras(text: string): string {
  const token = /"(?:\\.|[^"\\])*"?|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
  const withoutComments = text.replace(token, (match) => (match.startsWith('/') ? blank(match) : match))
  return withoutComments.replace(/"(?:\\.|[^"\\])*"?|,(?=\s*[}\]])/g, (match) => (match === ',' ? ' ' : match))
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ')
}

/** V8 names a position in most of its messages; its excerpt of the text must not be shown. */
function positionOf(text: string, { message }: Error): TextPosition | undefined {
  const found = /at position (\d+)/.exec(message)
  const offset = found ? Number(found[1]) : /end of JSON input/.test(message) ? text.length : undefined
  if (offset === undefined) return undefined
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}
