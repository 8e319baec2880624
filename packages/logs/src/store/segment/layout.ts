import type { IntegerLayout } from './integers.ts'

/**
 * What a column holds: bodies of JSON strings, bare numbers and literals, whole lines of text, or whole lines that fit
 * nowhere else, with `\n` and `\\` for newlines and backslashes.
 */
export type ColumnKind = 'string' | 'bare' | 'text' | 'raw'

/** A column of a segment. */
export interface ColumnLayout {
  readonly kind: ColumnKind
  /** Keys joined by dots. */
  readonly path: string
  /** Values that blocks name by a code of one byte. */
  readonly values: readonly string[]
}

/** What lines of one form have in common: everything but their values. */
export interface SkeletonLayout {
  /** Texts before, between and behind the values. */
  readonly pieces: readonly string[]
  /** The column of each value. */
  readonly columns: readonly number[]
}

/** How the values of a column stand in a block. */
export type PartEncoding =
  /** Codes of one byte each, packed. */
  | 'codes'
  /** All the same code, which is `base`. */
  | 'code'
  /** Integers, packed; see {@link IntegerLayout}. */
  | 'integers'
  /** The times of the rows. */
  | 'times'
  /** Texts, a newline behind each, packed. */
  | 'text'
  /** Lower-case hexadecimal digits, `width` bytes each, two digits a byte, not packed; with a CRC-32 of them before. */
  | 'hex'

/** One column of a block. */
export interface PartLayout extends Partial<Omit<IntegerLayout, 'width'>> {
  readonly column: number
  readonly encoding: PartEncoding
  /** Values. */
  readonly count: number
  /** From the beginning of the segment. */
  readonly offset: number
  /** Bytes in the segment. */
  readonly length: number
  /** Bytes unpacked. */
  readonly size: number
  /** Of an integer or of a hexadecimal value. */
  readonly width?: number | undefined
  /** Whether a value has a backslash: what it says is not what stands there. */
  readonly hasEscapes?: boolean | undefined
  /** Least and largest integer. */
  readonly range?: readonly [number, number] | undefined
}

/** Columns that every block has. */
export const rowParts = { times: -1, sequences: -2, skeletons: -3 } as const

/** What a segment says about a block. */
export interface BlockLayout {
  readonly rows: number
  readonly minTime: number
  readonly maxTime: number
  readonly minSequence: number
  readonly maxSequence: number
  readonly parts: readonly PartLayout[]
  /** Forms of messages, packed: triples of signature, count and sample as JSON. Of compacted segments. */
  readonly forms?: { readonly offset: number; readonly length: number; readonly size: number } | undefined
}

/** Messages that have a form in common. */
export interface FormLayout {
  readonly signature: string
  readonly count: number
  readonly sample: string
}

/** What the store said when a segment was made: enough to make the list of segments anew. */
export interface SegmentOrigin {
  /** Files of the log before this one are in segments. */
  readonly walFrom: number
  /** Per source, the sequence of the first line that is in no segment. */
  readonly places: Readonly<Record<string, number>>
  /** Files of lines handed over that are in segments. */
  readonly handedOver: readonly string[]
  /** Of a segment that stands for others; undefined for one that was made of new lines. */
  readonly replaces?:
    | {
        /** Segments that are not needed any more once all parts are there. */
        readonly names: readonly string[]
        /** Name of the first part: the same in all of them. */
        readonly group: string
        /** From 1 on. */
        readonly part: number
        readonly isLast: boolean
      }
    | undefined
}

/** What stands at the end of a segment. */
export interface SegmentLayout {
  /** 1 knows neither `origin` nor `forms`. */
  readonly version: 1 | 2
  /** Undefined in segments that are in no store. */
  readonly origin?: SegmentOrigin | undefined
  readonly columns: readonly ColumnLayout[]
  readonly skeletons: readonly SkeletonLayout[]
  readonly blocks: readonly BlockLayout[]
  /** See `buildFilter`; behind the lines of each group stands their CRC-32. */
  readonly filter: { readonly offset: number; readonly lines: number }
  /** See `buildDictionary`. */
  readonly pages: readonly {
    readonly firstToken: string
    readonly offset: number
    readonly length: number
    readonly size: number
  }[]
}
