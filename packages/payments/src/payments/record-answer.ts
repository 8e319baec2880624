import type { Queryable } from '@exprsn/core/database'
import { applySnapshot } from './apply-snapshot.ts'
import type { Attempt } from './attempt.ts'
import type { Engine } from './engine.ts'
import type { Answer } from './send-command.ts'

/**
 * Records how a command ended: what it reports, then the command itself, in one transaction. Harmless when somebody else
 * has done so already. Gives the command as it is now.
 */
export async function recordAnswer(
  engine: Engine,
  attempt: Attempt,
  answer: Extract<Answer, { readonly known: true }>,
): Promise<Attempt> {
  return engine.database.transaction(async (tx) => {
    const context = engine.applying()
    const { gateway, payment, operation, command } = attempt
    const destination = command['destination'] as { readonly kind: string } | undefined
    const source = { gateway, payment, asked: true, toBank: destination === undefined || destination.kind === 'bank' }
    for (const report of answer.reports)
      await applySnapshot(
        context,
        tx,
        report.kind === 'payout' ? { ...source, payment: undefined } : source,
        named(report, attempt),
      )
    if (answer.decline !== undefined && operation === 'charge' && answer.reports.length === 0)
      await declineWithoutPayment(engine, tx, attempt, answer)
    const { key, tries } = attempt
    await engine.store.setAttempt(tx, key, 'done', { result: answer.result, due: context.now, tries })
    return { ...attempt, status: 'done', result: answer.result, dueAt: context.now }
  })
}

/** A gateway that does not keep keys gets ours from the command. */
function named<Report extends { readonly kind: string }>(report: Report, { operation, key, command }: Attempt): Report {
  if (report.kind === 'customer') return { id: command['id'], ...report }
  const own = report.kind === operation && !('key' in report && report.key !== undefined)
  return own ? { ...report, key } : report
}

/** Some gateways keep nothing of a declined charge. */
async function declineWithoutPayment(
  engine: Engine,
  tx: Queryable,
  attempt: Attempt,
  { decline }: Extract<Answer, { readonly known: true }>,
): Promise<void> {
  const stored = await engine.store.lockPayment(tx, attempt.payment!)
  if (stored?.payment.state !== 'created') return
  const { payment, version } = stored
  const next = { ...payment, state: 'declined' as const, decline, updatedAt: new Date(engine.now()) }
  await engine.store.updatePayment(tx, { ...stored, payment: next, version: version + 1 })
  await engine.applying().onChange?.({ kind: 'payment', payment: next, before: payment }, tx)
}
