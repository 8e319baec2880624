import type { ErrorDetails } from '@exprsn/core'
import type { Plan } from '../plan/plan.ts'
import type { PlanProgress } from './progress-memory.ts'

/** A problem on its way to a plan. Plain data. */
export interface PlanJob {
  readonly id: string
  readonly status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  /** Milliseconds since 1970. */
  readonly created: number
  readonly finished?: number | undefined
  readonly progress?: PlanProgress | undefined
  /** When it is done. */
  readonly plan?: Plan | undefined
  /** When it failed. */
  readonly error?:
    | { readonly code: string; readonly message: string; readonly details?: ErrorDetails | undefined }
    | undefined
}

/** Whether nothing will change any more. */
export function isFinished({ status }: PlanJob): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled'
}
