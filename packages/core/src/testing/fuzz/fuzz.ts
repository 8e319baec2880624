import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { randomBelow, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { testingErrors } from '../errors.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { isAnswer, judge, type FuzzFindingKind, type JudgeOptions, type Verdict } from './judge.ts'
import { minimiseCorpus, type CoveringInput } from './minimise-corpus.ts'
import { mutate } from './mutate.ts'
import { startPreciseCoverage, type CoverageProbe } from './precise-coverage.ts'
import { guardPrototypes } from './prototype-guard.ts'
import { screen, type Screening } from './screen.ts'
import { shrink } from './shrink.ts'

/** Options of {@link fuzz}. */
export interface FuzzOptions {
  /** Inputs to start from: valid ones reach further than random ones. Texts are taken as UTF-8. */
  readonly corpus: readonly (Uint8Array | string)[]
  /** The parser. Returning is fine, throwing an expected error is fine; it may be asynchronous. */
  readonly target: (bytes: Uint8Array) => unknown
  /** Which errors are an answer and not a crash. @default every ExprsnError */
  readonly expected?: ((error: unknown) => boolean) | undefined
  /** Inputs to try, those of the corpus included. @default 5000 */
  readonly runs?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** Byte strings of the format: keywords, magic numbers, edge values. @default [] */
  readonly dictionary?: readonly (Uint8Array | string)[] | undefined
  /** An input that takes longer, four times in a row, is a hang. @default 50 */
  readonly maxMilliseconds?: number | undefined
  /** What does not come back by then is ended, also out of an endless loop. @default 1000 */
  readonly hangMilliseconds?: number | undefined
  /** The longest input to make. @default 65536 */
  readonly maximumBytes?: number | undefined
  /** Stops at this many different findings. @default 10 */
  readonly maximumFindings?: number | undefined
  /**
   * Follows V8's coverage and keeps inputs that reach something new, which finds what plain mutation does not. Costs about
   * 3 ms a run, and does not go together with another coverage tool. @default none
   */
  readonly coverage?: FuzzCoverageOptions | undefined
  /** What runs are timed by. @default systemClock */
  readonly clock?: Clock | undefined
  /** Stops before the next run. */
  readonly signal?: AbortSignal | undefined
  /** Called every 1,000 runs. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number; readonly findings: number }) => void)
    | undefined
}

/** What {@link fuzz} follows. */
export interface FuzzCoverageOptions {
  /** Picks the scripts of the parser by their URL: `(url) => url.endsWith('/parse.ts')`. */
  readonly includes: (url: string) => boolean
  /**
   * Imports the target; used instead of `target`. V8 tells the branches of a function apart only where the module was
   * loaded after the measurement began. @default the target that is there
   */
  readonly load?: (() => Promise<(bytes: Uint8Array) => unknown>) | undefined
}

/** An input that broke the target. */
export interface FuzzFinding {
  readonly kind: FuzzFindingKind
  /** What happened, in a sentence. */
  readonly reason: string
  /** What was thrown, for a crash. */
  readonly error?: unknown
  /** The run it was found in. */
  readonly run: number
  /** As found. */
  readonly original: Uint8Array
  /** Made small, still failing: put this into a test. */
  readonly input: Uint8Array
}

/** What {@link fuzz} saw. */
export interface FuzzReport {
  readonly seed: number
  readonly runs: number
  readonly accepted: number
  /** Runs that ended in an expected error. */
  readonly refused: number
  /** Each way of failing once. Empty is what you want. */
  readonly findings: readonly FuzzFinding[]
  /** With `coverage`: few inputs that reach all that was reached. Commit them. Else the corpus given. */
  readonly corpus: readonly Uint8Array[]
  /** With `coverage`: how many blocks of code were reached, told apart by how often they ran. */
  readonly blocks: number
}

const shrinkAttempts = 400
const noBytes = new Uint8Array(0)
/** Inputs that share one time limit. */
const batch = 100

/**
 * Throws mutated inputs at a parser and reports crashes, hangs and changed prototypes. The same seed, corpus and target
 * give the same inputs; every finding comes with a minimised input.
 *
 * @throws `CORE_TESTING_FUZZ_OPTIONS`, and the signal's reason
 * @example
 * ```ts
 * import { fuzz } from '@exprsn/core/testing'
 *
 * const report = await fuzz({
 *   corpus: ['{"a":[1,2]}'],
 *   target: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
 *   expected: (error) => error instanceof SyntaxError,
 *   runs: 200,
 * })
 * console.log(report.findings.length) // 0
 * ```
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { runs, seed = 1, maximumFindings = 10, coverage, signal, onProgress } = withChecks(options)
  const seeds = options.corpus.map(toBytes)
  const dictionary = (options.dictionary ?? []).map(toBytes)
  const random = new SeededRandom(seed)
  const probe = coverage === undefined ? undefined : await startPreciseCoverage(coverage.includes)
  const judging = judgeOptions(options, (await coverage?.load?.()) ?? options.target)
  const pool = new CorpusPool(seeds, probe)
  const source = { corpus: pool.inputs, dictionary, maximumBytes: options.maximumBytes ?? 65_536 }
  const inputOf = (index: number): Uint8Array => {
    const draw = random.fork(index)
    return seeds[index] ?? mutate(pool.pick(draw), draw, source)
  }
  // Which inputs come next is known in advance only where none is added to the corpus.
  let screens = probe === undefined
  let screened: { readonly first: number; readonly screenings: readonly Screening[] } = { first: 0, screenings: [] }
  const findings = new Map<string, FuzzFinding>()
  const counts = { accepted: 0, refused: 0 }
  let run = 0
  try {
    for (; run < runs && findings.size < maximumFindings; run++) {
      signal?.throwIfAborted()
      if (screens && screened.screenings[run - screened.first] === undefined) {
        const inputs = Array.from({ length: Math.min(batch, runs - run) }, (_, index) => inputOf(run + index))
        const screenings = screen(inputs, judging)
        screens = screenings !== undefined
        screened = { first: run, screenings: screenings ?? [] }
        // Lets others have their turn, and the signal be heard.
        await sleep(0)
      }
      const screening = screened.screenings[run - screened.first] ?? 'suspect'
      const original = screening === 'suspect' ? inputOf(run) : noBytes
      const verdict: Verdict = screening === 'suspect' ? await judge(original, judging) : { kind: screening }
      pool.end(original)
      if (isAnswer(verdict)) counts[verdict.kind]++
      else if (!findings.has(keyOf(verdict))) {
        const stillFails = async (input: Uint8Array) => keyOf(await judge(input, judging)) === keyOf(verdict)
        // Every attempt on an endless input costs the whole time limit.
        const attempts = verdict.kind === 'hang' ? 20 : shrinkAttempts
        findings.set(keyOf(verdict), { ...verdict, run, original, input: await shrink(original, stillFails, attempts) })
      }
      if ((run + 1) % 1_000 === 0) onProgress?.({ done: run + 1, total: runs, findings: findings.size })
    }
  } finally {
    probe?.stop()
  }
  return { seed, runs: run, ...counts, findings: [...findings.values()], ...pool.result() }
}

/** The inputs that new ones are made from; with a probe, those that reach something new join them. */
class CorpusPool {
  readonly inputs: Uint8Array[]
  readonly #probe: CoverageProbe | undefined
  readonly #blocks = new Set<string>()
  readonly #covering: CoveringInput[] = []

  constructor(seeds: readonly Uint8Array[], probe: CoverageProbe | undefined) {
    this.inputs = [...seeds]
    this.#probe = probe
  }

  /** Every second time the newest: it stands where nobody was before. */
  pick(random: Random): Uint8Array {
    const newest = this.#covering.at(-1)
    return newest !== undefined && randomBelow(random, 2) === 0 ? newest.bytes : randomItem(random, this.inputs)
  }

  end(input: Uint8Array): void {
    const blocks = this.#probe?.take() ?? []
    const before = this.#blocks.size
    for (const block of blocks) this.#blocks.add(block)
    if (this.#blocks.size === before) return
    this.#covering.push({ bytes: input, blocks })
    this.inputs.push(input)
  }

  result(): { readonly corpus: readonly Uint8Array[]; readonly blocks: number } {
    const corpus = this.#probe === undefined ? this.inputs : minimiseCorpus(this.#covering)
    return { corpus, blocks: this.#blocks.size }
  }
}

function withChecks(options: FuzzOptions): FuzzOptions & { readonly runs: number } {
  const { corpus, runs = 5_000, maxMilliseconds = 50, hangMilliseconds = 1_000 } = options
  if (corpus.length === 0) throw testingErrors.CORE_TESTING_FUZZ_OPTIONS({ reason: 'the corpus is empty' })
  for (const [name, value] of Object.entries({ runs, maxMilliseconds, hangMilliseconds })) {
    if (!(Number.isFinite(value) && value > 0))
      throw testingErrors.CORE_TESTING_FUZZ_OPTIONS({ reason: `${name} is ${value}` })
  }
  return { ...options, runs }
}

function judgeOptions(options: FuzzOptions, target: FuzzOptions['target']): JudgeOptions {
  return {
    target,
    expected: options.expected ?? ((error) => ExprsnError.is(error)),
    maxMilliseconds: options.maxMilliseconds ?? 50,
    hangMilliseconds: Math.ceil(options.hangMilliseconds ?? 1_000),
    clock: options.clock ?? systemClock,
    guard: guardPrototypes(),
  }
}

/** Two findings are the same when they fail in the same way at the same place; numbers in texts do not count. */
function keyOf(verdict: Verdict): string {
  if (isAnswer(verdict)) return verdict.kind
  const place = verdict.error instanceof Error ? (verdict.error.stack?.split('\n')[1] ?? '').trim() : ''
  return `${verdict.kind} ${verdict.reason.replaceAll(/\d+/gu, '#')} ${place}`
}

function toBytes(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value)
}
