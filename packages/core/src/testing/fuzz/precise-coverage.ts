import type { Session } from 'node:inspector'

/** Which blocks of code ran since they were last asked for. */
export interface CoverageProbe {
  /** Names of blocks with the magnitude of how often each ran: `file:///a.ts:10:50:2`. */
  take(): readonly string[]
  /** Ends the measurement. */
  stop(): void
}

interface PreciseCoverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[]
    }[]
  }[]
}

/**
 * Starts V8's precise block coverage for the scripts whose URL `includes` picks. Blocks are told apart in scripts that are
 * loaded from now on, in others only functions. It is one for the whole process: another tool that measures coverage at
 * the same time loses its counts.
 */
export async function startPreciseCoverage(includes: (url: string) => boolean): Promise<CoverageProbe> {
  const inspector = await import('node:inspector')
  const session = new inspector.Session()
  session.connect()
  post(session, 'Profiler.enable')
  post(session, 'Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return {
    take() {
      const { result } = post(session, 'Profiler.takePreciseCoverage') as PreciseCoverage
      return result.filter(({ url }) => url !== '' && includes(url)).flatMap(blocksOf)
    },
    stop() {
      post(session, 'Profiler.stopPreciseCoverage')
      post(session, 'Profiler.disable')
      session.disconnect()
    },
  }
}

function blocksOf({ url, functions }: PreciseCoverage['result'][number]): string[] {
  return functions.flatMap(({ ranges }) =>
    ranges.flatMap(({ startOffset, endOffset, count }) =>
      count === 0 ? [] : [`${url}:${startOffset}:${endOffset}:${magnitude(count)}`],
    ),
  )
}

/** 1, 2, 3, then by powers of two: a loop that runs once more is not news for ever (after AFL's buckets). */
function magnitude(count: number): number {
  return count <= 3 ? count : Math.min(9, 2 + Math.floor(Math.log2(count)))
}

/** The profiler answers in the same tick. */
function post(session: Session, method: string, parameters: object = {}): unknown {
  let answer: unknown
  session.post(method, parameters, (error, result) => {
    if (error !== null) throw error
    answer = result
  })
  return answer
}
