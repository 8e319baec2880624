import type { TwoWayPolicy } from '../publish/index.ts'

/** What is done about a change that came in: take it, write the host's own again, merge, or wait for somebody's decision. */
export type ChangeVerdict = 'remote' | 'local' | 'merge' | 'hold'

/** The decision about a change that came in. Pure: what is done about it is done elsewhere. */
export function judgeChange({
  policy,
  isLocalChanged,
  localAt,
  remoteAt,
}: {
  readonly policy: TwoWayPolicy
  /** Since both sides last agreed. */
  readonly isLocalChanged: boolean
  /** Milliseconds since 1970. */
  readonly localAt: number
  readonly remoteAt: number
}): ChangeVerdict {
  if (!isLocalChanged) return 'remote'
  switch (policy) {
    case 'local-wins':
      return 'local'
    case 'remote-wins':
      return 'remote'
    case 'newest':
      return remoteAt > localAt ? 'remote' : 'local'
    case 'merge':
      return 'merge'
    case 'manual':
      return 'hold'
  }
}
