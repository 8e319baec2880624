import { ExprsnError } from '@exprsn/core'
import type { Refusal } from '../../gateway/decline.ts'
import type { CommandOutcome } from '../../payments/payments.ts'
import type { Transfer } from '../../payments/payment.ts'
import { isDecided } from '../case/case-status.ts'
import { caseOf, type CaseIntent, type DisputeCase, type StoredCase } from '../case/dispute-case.ts'
import type { DisputeHand, DisputeOutcome } from '../disputes.ts'
import type { DisputeEngine } from './dispute-engine.ts'

/**
 * Writes a command down, before anything is sent; gives a refusal when it cannot be done now. One that is underway already
 * goes on instead: a case has one command at a time.
 */
export async function beginCommand(
  engine: DisputeEngine,
  id: string,
  kind: CaseIntent['kind'],
  { by, note }: DisputeHand,
): Promise<DisputeOutcome | undefined> {
  return engine.locked(id, async (tx, stored) => {
    const the = caseOf(stored, engine.now())
    if (stored.intent !== undefined)
      return stored.intent.kind === kind
        ? undefined
        : refused(the, 'wrong_state', `There is no answer yet to: ${stored.intent.kind}.`)
    const refusal = refusalOf(engine, the, kind)
    if (refusal !== undefined) return { status: 'refused', refusal, case: the }
    const { gateway, reference, stage } = the
    const commands = stored.commands + 1
    const key = `dispute/${gateway}/${reference}/${commands}`
    const after = Math.max(0, ...Object.values(stored.facts.submissions))
    const { evidence } = stored
    const intent: CaseIntent = { kind, key, stage, by, at: new Date(engine.now()), evidence, after }
    const acceptance = { state: 'asked', stage, at: intent.at, by } as const
    const acts = kind === 'accept' ? { ...stored.acts, acceptance } : stored.acts
    const action = kind === 'accept' ? 'acceptance begun' : 'submission begun'
    await engine.save(tx, { ...stored, commands, intent, acts }, { action, actor: by, note })
    return undefined
  })
}

function refusalOf({ payments }: DisputeEngine, the: DisputeCase, kind: CaseIntent['kind']): Refusal | undefined {
  const { status, actions, gateway } = the
  const can = payments.capabilities[gateway]
  const able = kind === 'accept' ? can?.acceptDispute : can?.submitEvidence
  if (able !== true)
    return refusal('not_supported', `${gateway} takes no such command: do it elsewhere, and note it by hand.`)
  if (isDecided(status)) return refusal('already_done', `The case is ${status}.`)
  if (kind === 'submit' && (status === 'submitted' || status === 'under_review'))
    return refusal('already_done', 'Evidence was handed in, and no more is asked for.')
  if (actions.includes(kind === 'accept' ? 'accept' : 'submit_evidence')) return undefined
  return refusal('wrong_state', 'The gateway does not offer it now.')
}

/** Sends the command that was begun, or finds out what became of it, and writes down how it ended. */
export async function settleCommand(
  engine: DisputeEngine,
  id: string,
  signal: AbortSignal | undefined,
): Promise<DisputeOutcome> {
  const stored = await engine.known(engine.database, id)
  const { intent } = stored
  // Somebody else was faster.
  if (intent === undefined) return { status: 'done', case: caseOf(stored, engine.now()) }
  let outcome: CommandOutcome<Transfer>
  try {
    outcome = await send(engine, stored, intent, signal)
  } catch (error) {
    // What payments throws of its own or a gateway's was certainly not done.
    if (ExprsnError.is(error) && error.code.startsWith('PAYMENTS_'))
      await engine.locked(id, async (tx, now) => {
        if (now.intent?.key !== intent.key) return
        await engine.save(tx, withoutIntent(now), {
          action: `not done: ${intent.kind}`,
          actor: intent.by,
          note: error.code,
        })
      })
    throw error
  }
  return engine.locked(id, async (tx, now): Promise<DisputeOutcome> => {
    if (now.intent?.key !== intent.key) return { status: 'done', case: caseOf(now, engine.now()) }
    if (outcome.status === 'unknown') return { status: 'unknown', case: caseOf(now, engine.now()) }
    const actor = intent.by
    if (outcome.status === 'refused') {
      const { message } = outcome.refusal
      const the = await engine.save(tx, withoutIntent(now), { action: `refused: ${intent.kind}`, actor, note: message })
      return { status: 'refused', refusal: outcome.refusal, case: the }
    }
    return { status: 'done', case: await engine.save(tx, withAct(now, intent), { action: doneOf(intent), actor }) }
  })
}

function send(
  { payments }: DisputeEngine,
  { gateway, reference: dispute }: StoredCase,
  { kind, key, evidence, after }: CaseIntent,
  signal: AbortSignal | undefined,
): Promise<CommandOutcome<Transfer>> {
  if (kind === 'accept') return payments.acceptDispute({ gateway, dispute, key, signal })
  return payments.submitEvidence({ gateway, dispute, evidence, after, key, signal })
}

/** What is conceded is over in whatever stage it is by now; evidence answers the stage that it was begun for. */
function withAct(stored: StoredCase, { kind, stage, at, by, key }: CaseIntent): StoredCase {
  const { acts } = stored
  if (kind === 'accept')
    return {
      ...stored,
      intent: undefined,
      acts: { ...acts, acceptance: { state: 'made', stage: stored.facts.stage, at, by } },
    }
  const submissions = [...acts.submissions, { stage, at, by, key }]
  return { ...stored, intent: undefined, acts: { ...acts, submissions } }
}

/** What was asked for and not done was not conceded. */
function withoutIntent(stored: StoredCase): StoredCase {
  const { acts } = stored
  return {
    ...stored,
    intent: undefined,
    acts: acts.acceptance?.state === 'asked' ? { submissions: acts.submissions } : acts,
  }
}

function doneOf({ kind }: CaseIntent): string {
  return kind === 'accept' ? 'accepted' : 'submitted'
}

function refusal(reason: Refusal['reason'], message: string): Refusal {
  return { reason, code: reason, message }
}

function refused(the: DisputeCase, reason: Refusal['reason'], message: string): DisputeOutcome {
  return { status: 'refused', refusal: refusal(reason, message), case: the }
}
