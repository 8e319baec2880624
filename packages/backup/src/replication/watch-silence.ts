import type { Clock } from '@exprsn/core'

/**
 * What a server says of a session that nothing is heard of. `stuck`: it waits for us, as we wait for it; `unknown`: it has no such session,
 * or does not say; `unreachable`: it does not answer others either.
 */
export type SessionState = 'working' | 'stuck' | 'unknown' | 'unreachable'

/** Options of {@link watchSilence}. */
export interface WatchSilenceOptions {
  readonly clock: Clock
  /** Milliseconds of silence after which the server is asked. */
  readonly limit: number
  /** Bytes that have passed until now, in whichever direction. */
  readonly passed: () => number
  /** Whether it is us whom the other side waits for. */
  readonly isHeldBack: () => boolean
  /** Asks the server on another connection. */
  readonly ask: (signal: AbortSignal) => Promise<SessionState>
  /** Called once, with what the server said last and the reason; nothing is asked any more. */
  readonly onLost: (reason: string, state: SessionState) => void
}

/** Silence is looked at as often as this within its limit. */
const looks = 4
/** A name may stand for several servers, or for a pooler with sessions of its own: who does not know ours is believed late. */
const patience = 10

/**
 * Watches a command whose answer may take as long as it likes: a checkpoint, a lock, a filter that finds no row. Silence alone proves
 * nothing then, so the server is asked whether it still works on it.
 */
export function watchSilence(options: WatchSilenceOptions): { cancel(): void } {
  const { clock, limit, passed, isHeldBack, ask, onLost } = options
  const cancelled = new AbortController()
  let before = passed()
  let silentSince = clock.monotonic()
  let nextQuestion = silentSince + limit
  let suspicions = 0

  const isSilent = (): boolean => passed() === before && !isHeldBack()
  const look = async (): Promise<void> => {
    if (!isSilent()) {
      before = passed()
      silentSince = clock.monotonic()
      nextQuestion = silentSince + limit
      suspicions = 0
      return
    }
    if (clock.monotonic() < nextQuestion) return
    const state = await ask(cancelled.signal)
    if (cancelled.signal.aborted || !isSilent()) return
    const silence = clock.monotonic() - silentSince
    // What it sent when it was asked may just be on its way: it is asked again at the next look.
    suspicions = state === 'stuck' || state === 'unreachable' ? suspicions + 1 : 0
    if (suspicions > 1 || (state === 'unknown' && silence >= limit * patience)) {
      cancel()
      onLost(`nothing was heard for ${Math.round(silence / 1_000)} s, and ${findings[state]}`, state)
    } else if (suspicions === 0) nextQuestion = clock.monotonic() + limit
  }
  const schedule = () => clock.setTimer(run, limit / looks, { background: true })
  const run = (): void =>
    void look().then(() => {
      if (!cancelled.signal.aborted) timer = schedule()
    })
  const cancel = (): void => {
    cancelled.abort()
    timer.cancel()
  }
  let timer = schedule()
  return { cancel }
}

const findings: Readonly<Record<SessionState, string>> = {
  working: 'it works',
  stuck: 'its session waits for us, too',
  unknown: 'it does not know the session',
  unreachable: 'it cannot be reached any more',
}
