import type { DisputeStage } from '../../gateway/state.ts'

/** Evidence that the host handed in. */
export interface Submission {
  readonly stage: DisputeStage
  readonly at: Date
  readonly by: string
  /** The command's key; undefined for what was handed in elsewhere and noted by hand. */
  readonly key: string | undefined
}

/** What the host itself did about a dispute. */
export interface CaseActs {
  readonly submissions: readonly Submission[]
  /** Conceded: `asked` until the gateway has answered. */
  readonly acceptance?:
    | { readonly state: 'asked' | 'made'; readonly stage: DisputeStage; readonly at: Date; readonly by: string }
    | undefined
}
