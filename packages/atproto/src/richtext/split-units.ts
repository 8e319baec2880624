import { splitGraphemes } from 'unicode-segmenter/grapheme'
import type { TextSpan } from './rich-text.ts'
import { utf8Length } from './utf8-length.ts'

/** A text as the splitter sees it: its grapheme clusters, and between which of them it may be cut. */
export interface SplitUnits {
  readonly count: number
  /** Bytes of the longest cluster. */
  readonly longest: number
  /** UTF-16 offset of each cluster, and the length of the text. */
  readonly offsets: Uint32Array
  /** UTF-8 offset of each cluster, and the bytes of the text. */
  readonly bytes: Uint32Array
  /** 1 for clusters that are white space. */
  readonly isSpace: Uint8Array
  /** What a cut before this cluster costs: 0 none, 1 paragraph, 2 line, 3 sentence, 4 word, 5 within a word, 6 within a span. */
  readonly cuts: Uint8Array
}

const paragraph = 1
const line = 2
const sentence = 3
const word = 4
/** Cuts from here on are only made where nothing else fits. */
export const hardCut = 5
const insideSpan = 6

/** Takes a text apart. A cluster of more than `mostBytes` is taken apart into characters. */
export function splitUnits(text: string, spans: readonly TextSpan[], mostBytes: number): SplitUnits {
  const offsets = new Uint32Array(text.length + 1)
  const bytes = new Uint32Array(text.length + 1)
  const isSpace = new Uint8Array(text.length + 1)
  let count = 0
  let longest = 0
  const add = (unit: string): void => {
    offsets[count + 1] = offsets[count]! + unit.length
    const size = utf8Length(unit)
    longest = Math.max(longest, size)
    bytes[count + 1] = bytes[count]! + size
    isSpace[count] = unit.trim() === '' ? 1 : 0
    count++
  }
  for (const cluster of splitGraphemes(text)) {
    if (cluster.length * 3 > mostBytes && utf8Length(cluster) > mostBytes)
      for (const character of cluster) add(character)
    else add(cluster)
  }
  const units = { count, longest, offsets, bytes, isSpace, cuts: new Uint8Array(count + 1) }
  rateCuts(text, units)
  forbidInside(spans, units)
  return units
}

function rateCuts(text: string, { count, offsets, isSpace, cuts }: SplitUnits): void {
  for (let index = 1; index < count; index++) {
    if (isSpace[index] === 1) continue
    if (isSpace[index - 1] !== 1) {
      cuts[index] = hardCut
      continue
    }
    let first = index - 1
    let lines = 0
    for (; first >= 0 && isSpace[first] === 1; first--) if (/[\n\r\u2028\u2029]/.test(text[offsets[first]!]!)) lines++
    const ending = first < 0 ? '' : text.slice(Math.max(0, offsets[first + 1]! - 2), offsets[first + 1]!)
    cuts[index] = lines > 1 ? paragraph : lines === 1 ? line : /[.!?…。！？]["'”’)]?$/.test(ending) ? sentence : word
  }
}

function forbidInside(spans: readonly TextSpan[], { count, offsets, cuts }: SplitUnits): void {
  let index = 0
  for (const { start, end } of spans) {
    while (index < count && offsets[index]! <= start) index++
    for (; index < count && offsets[index]! < end; index++) if (cuts[index] !== 0) cuts[index] = insideSpan
  }
}
