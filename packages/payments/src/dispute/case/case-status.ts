import { stageRank } from '../../gateway/dispute-stage.ts'
import type { DisputeStage } from '../../gateway/state.ts'
import type { CaseActs } from './case-acts.ts'
import type { CaseFacts } from './case-facts.ts'

/**
 * Where a case stands.
 *
 * - `opened`: known, and no date until when to answer
 * - `evidence_due`: evidence is wanted until a date
 * - `submitted`: handed in, and the gateway has not confirmed it
 * - `under_review`: others are to decide
 * - `won`: the money stays or is back; also an inquiry that ended without taking any
 * - `lost`, `accepted`: the money is gone, the second by the host's own will
 * - `expired`: nobody answered in time. The gateway's decision replaces it when it comes
 */
export type CaseStatus =
  | 'opened'
  | 'evidence_due'
  | 'submitted'
  | 'under_review'
  | 'won'
  | 'lost'
  | 'accepted'
  | 'expired'

/** The status that facts, own acts and the time give: nothing else counts, not the way that led there. */
export function statusOf(facts: CaseFacts, acts: CaseActs, now: number): CaseStatus {
  // What was conceded in one stage says nothing of the next.
  const acceptance = acts.acceptance?.stage === facts.stage ? acts.acceptance : undefined
  switch (facts.state.value) {
    case 'won':
    case 'accepted':
    case 'under_review':
      return facts.state.value
    case 'closed':
      return facts.withdrawn.amount > facts.reinstated.amount ? conceded(acceptance) : 'won'
    case 'lost':
      return conceded(acceptance)
    case 'inquiry':
    case 'needs_response': {
      if (acceptance?.state === 'made') return 'accepted'
      if (isAnswered(facts, acts)) return 'submitted'
      const dueBy = dueByOf(facts)
      if (dueBy === undefined) return 'opened'
      return now >= dueBy.getTime() ? 'expired' : 'evidence_due'
    }
  }
}

/** Gateways that know no accepting call it lost. */
function conceded(acceptance: CaseActs['acceptance']): 'accepted' | 'lost' {
  return acceptance === undefined ? 'lost' : 'accepted'
}

/** Until when evidence is wanted in the present stage: a date of an earlier stage says nothing. */
export function dueByOf({ dueBy, stage }: CaseFacts): Date | undefined {
  return dueBy !== undefined && Number(dueBy.weight[0]) === stageRank(stage) ? dueBy.value : undefined
}

/** Whether evidence was handed in, by the host or past it, in the present stage. */
export function isAnswered({ stage, state, submissions }: CaseFacts, acts: CaseActs): boolean {
  if (state.value === 'needs_response' || state.value === 'inquiry') {
    // A gateway that asks after it has seen evidence in this stage wants more.
    const seen = submissions[stage] ?? 0
    const own = acts.submissions.filter((submission) => submission.stage === stage)
    const ownBefore = acts.submissions.filter((submission) => stageRank(submission.stage) < stageRank(stage))
    const before = Math.max(mostBefore(submissions, stage), ownBefore.length)
    return own.length > 0 && own.length > seen - before
  }
  return acts.submissions.length > 0 || Object.values(submissions).some((count) => count > 0)
}

function mostBefore(submissions: CaseFacts['submissions'], stage: DisputeStage): number {
  const earlier = (Object.entries(submissions) as [DisputeStage, number][]).filter(
    ([other]) => stageRank(other) < stageRank(stage),
  )
  return Math.max(0, ...earlier.map(([, count]) => count))
}

/** Nothing more is to be expected, unless the case goes to another stage. */
export function isDecided(status: CaseStatus): boolean {
  return status === 'won' || status === 'lost' || status === 'accepted'
}

/** The host has to do something. */
export function awaitsEvidence(status: CaseStatus): boolean {
  return status === 'opened' || status === 'evidence_due'
}
