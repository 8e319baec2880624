/** How far a snippet is tried: type-checked and executed, only type-checked, or neither. */
export type SnippetMode = 'run' | 'no-run' | 'no-check'

/** One fenced ```ts block of a document or a docstring. */
export interface Snippet {
  /** The file it stands in, below the repository's root. */
  readonly file: string
  /** Line of its first line of code, counted from 1. */
  readonly line: number
  /** Characters cut from the start of its lines: the ` * ` of a docstring. */
  readonly indent: number
  readonly mode: SnippetMode
  /** What follows the mode in the info string. */
  readonly reason: string
  readonly code: string
}

const opening = /^(\s*(?:\* ?)?)(`{3,})(?:ts|typescript)(?![\w-])(.*)$/

/** The ```ts blocks of a Markdown file, or of the docstrings of a TypeScript file. */
export function extractSnippets(file: string, text: string): readonly Snippet[] {
  const snippets: Snippet[] = []
  const lines = text.split('\n')
  const docstrings = file.endsWith('.md') ? undefined : linesInDocstrings(lines)
  for (let index = 0; index < lines.length; index++) {
    const match = opening.exec(lines[index]!)
    if (match === null || docstrings?.has(index) === false) continue
    const [, prefix = '', fence = '', info = ''] = match
    const end = lines.findIndex((line, at) => at > index && line.trim().replace(/^\* ?/, '') === fence)
    const body = lines.slice(index + 1, end === -1 ? undefined : end)
    const code = body.map((line) => withoutPrefix(line, prefix)).join('\n')
    snippets.push({ file, line: index + 2, indent: prefix.length, ...readInfo(info.trim()), code })
    if (end === -1) break
    index = end
  }
  return snippets
}

function linesInDocstrings(lines: readonly string[]): ReadonlySet<number> {
  const inside = new Set<number>()
  let open = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*\/\*\*/.test(line)) open = true
    if (open) inside.add(index)
    if (line.includes('*/')) open = false
  }
  return inside
}

/** A docstring's empty line has no space after its star. */
function withoutPrefix(line: string, prefix: string): string {
  return line.startsWith(prefix) ? line.slice(prefix.length) : line.trimStart().replace(/^\*$/, '')
}

function readInfo(info: string): Pick<Snippet, 'mode' | 'reason'> {
  const mode = /^no-(?:run|check)\b/.exec(info)?.[0] as SnippetMode | undefined
  return { mode: mode ?? 'run', reason: info.slice(mode?.length ?? 0).replace(/^[\s:–-]+/, '') }
}
