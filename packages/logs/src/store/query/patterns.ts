import type { Row } from './aggregate.ts'

/** Share of words that two forms must have in common, in place, to be one. */
const similarity = 0.6

/** Forms of one length that are compared with a new one; more become forms of their own. */
const mostForms = 200

/** What varies between lines that say the same: numbers, ids, paths. */
const variable = /[A-Za-z0-9_./:@-]*[0-9/][A-Za-z0-9_./:@-]*/g

/** Messages that differ in nothing but words with a digit or a slash. */
export interface MessageForm {
  readonly signature: string
  readonly count: number
  /** The first of them. */
  readonly sample: string
}

/** A form of messages. */
interface Form {
  words: string[]
  count: number
  readonly sample: string
}

/**
 * Puts messages together that differ in their variable parts: first by a signature in which words with a digit or a slash
 * are `*`, then signatures of one length that share most words, as in Drain (He, Zhu, Zheng and Lyu, "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree", ICWS 2017). A guide for the eye: nothing promises that forms are meanings.
 */
export class PatternCounter {
  readonly #signatures = new Map<string, { count: number; readonly sample: string }>()

  /** How many different signatures there are. */
  get size(): number {
    return this.#signatures.size
  }

  /** Signatures in the order in which they came first. */
  get forms(): MessageForm[] {
    return [...this.#signatures].map(([signature, { count, sample }]) => ({ signature, count, sample }))
  }

  add(message: string): void {
    this.addForm({ signature: message.slice(0, 2_000).replace(variable, '*'), count: 1, sample: message })
  }

  /** Adds messages that were counted before. */
  addForm({ signature, count, sample }: MessageForm): void {
    const known = this.#signatures.get(signature)
    if (known === undefined) this.#signatures.set(signature, { count, sample })
    else known.count += count
  }

  /** The forms, the most frequent first. */
  rows(): Row[] {
    const byLength = new Map<string, Form[]>()
    for (const [signature, { count, sample }] of this.#signatures) {
      const words = signature.split(' ')
      const key = `${words.length} ${words[0] === '*' ? '' : words[0]}`
      const forms = byLength.get(key) ?? []
      byLength.set(key, forms)
      const similar = forms.find((form) => isSimilar(form.words, words))
      if (similar === undefined || forms.length > mostForms) forms.push({ words, count, sample })
      else {
        similar.words = similar.words.map((word, index) => (word === words[index] ? word : '*'))
        similar.count += count
      }
    }
    const forms = [...byLength.values()].flat()
    forms.sort((first, second) => second.count - first.count || (first.sample < second.sample ? -1 : 1))
    return forms.map(({ words, count, sample }) => ({ pattern: words.join(' '), count, sample }))
  }
}

function isSimilar(first: readonly string[], second: readonly string[]): boolean {
  let same = 0
  for (let index = 0; index < first.length; index++) if (first[index] === second[index]) same++
  return same >= first.length * similarity
}
