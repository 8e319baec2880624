import type { Snippet } from './extract-snippets.ts'

/** What is wrong with a snippet, at a line of the document that it stands in. */
export interface SnippetProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A problem at a line of a snippet's own code (counted from 1), told in lines of its document. */
export function problemAt(
  { file, line, indent }: Snippet,
  own: number,
  column: number,
  message: string,
): SnippetProblem {
  return { file, line: line + own - 1, column: column + indent, message }
}
