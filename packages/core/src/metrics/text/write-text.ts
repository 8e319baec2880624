import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import type { Instrument } from '../create-metrics.ts'
import type { TextFormat } from './text-format.ts'
import { instrumentText } from './write-series.ts'

/** Options of `metrics.text()`. */
export interface TextOptions {
  /** OpenMetrics has units and exemplars. @default 'prometheus' */
  readonly format?: TextFormat | undefined
  /** Ends the writing: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds after which the event loop gets its turn. */
const longestSlice = 1

/** Characters after which a piece is handed over. */
const pieceLength = 16_384

/** All instruments as text, in pieces, with a pause for everybody else after each slice of time. */
export async function* writeText(
  instruments: Iterable<Instrument>,
  clock: Clock,
  { format = 'prometheus', signal }: TextOptions,
): AsyncGenerator<string> {
  let piece = ''
  let sliceEnd = clock.monotonic() + longestSlice
  for (const text of allText(instruments, format)) {
    piece += text
    const isOver = clock.monotonic() >= sliceEnd
    if (piece.length >= pieceLength || isOver) {
      signal?.throwIfAborted()
      yield piece
      piece = ''
    }
    if (isOver) {
      await sleep(0, { clock, signal })
      sliceEnd = clock.monotonic() + longestSlice
    }
  }
  signal?.throwIfAborted()
  if (piece !== '') yield piece
}

function* allText(instruments: Iterable<Instrument>, format: TextFormat): Generator<string> {
  for (const instrument of instruments) yield* instrumentText(instrument, format)
  if (format === 'openmetrics') yield '# EOF\n'
}
