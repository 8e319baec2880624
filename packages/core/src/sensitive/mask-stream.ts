import { replaceFindings } from './replace-findings.ts'
import type { Finding } from './sensitive-kind.ts'

/** More than anything that is found and what a decision about it depends on: a token of three parts of 8,192 characters. */
const reach = 25_000
const workSize = 65_536

/** Masks a text that comes in pieces as if it came in one. `scanBefore` gives the findings that start before `border`. */
export async function* maskStream(
  pieces: AsyncIterable<string> | Iterable<string>,
  scanBefore: (text: string, border: number) => Finding[],
): AsyncGenerator<string, void, void> {
  let text = ''
  // Up to here the text was given out; it is kept because what follows is judged by what stands before it.
  let done = 0
  const open = (border: number): Finding[] => scanBefore(text, border).filter(({ start }) => start >= done)
  for await (const piece of pieces) {
    text += piece
    if (text.length - done < workSize + reach) continue
    // Whatever starts before this border also ends within the text, so that more text would not change it.
    const border = text.length - reach
    const findings = open(border)
    const end = Math.max(border, findings.at(-1)?.end ?? 0)
    yield replaceFindings(text, findings, done, end)
    const kept = Math.max(0, end - reach)
    text = text.slice(kept)
    done = end - kept
  }
  if (text.length > done) yield replaceFindings(text, open(text.length), done, text.length)
}
