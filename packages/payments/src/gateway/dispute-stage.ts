import type { DisputeSnapshot } from './snapshot.ts'
import type { DisputeStage } from './state.ts'

const stages: readonly DisputeStage[] = ['inquiry', 'chargeback', 'pre_arbitration', 'arbitration']

/** The stage that a report is about. */
export function stageOf({ stage, state }: Pick<DisputeSnapshot, 'stage' | 'state'>): DisputeStage {
  return stage ?? (state === 'inquiry' || state === 'closed' ? 'inquiry' : 'chargeback')
}

/** 0 for an inquiry, then rising. */
export function stageRank(stage: DisputeStage): number {
  return stages.indexOf(stage)
}
