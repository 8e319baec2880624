import { decimalText } from '../../money/decimal-text.ts'
import { alarmsOf, dueAlarms, type DisputeAlarm } from '../alarm/alarms.ts'
import { caseOf, type DisputeCase } from '../case/dispute-case.ts'
import type { DisputeEngine } from './dispute-engine.ts'

/**
 * Tells what is due of a case; gives whether there was something. It is told before it is written down that it was: after a
 * crash between the two it is told again under the same key, which notifications recognise.
 */
export async function raiseAlarms(
  engine: DisputeEngine,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const stored = await engine.known(engine.database, id)
  const the = caseOf(stored, engine.now())
  const { alarm, names } = dueAlarms(alarmsOf(the, engine.leads), stored.told, engine.now())
  const told = alarm === undefined ? undefined : await send(engine, the, alarm, stored.firing, signal)
  await engine.locked(id, async (tx, now) => {
    const next = {
      ...now,
      told: [...new Set([...now.told, ...names])],
      firing: alarm === undefined ? now.firing : told,
    }
    const note = alarm && { action: `alarm: ${alarm.title}`, actor: 'clock' }
    await engine.save(tx, next, note)
  })
  return alarm !== undefined
}

/** Gives the key that is firing afterwards. */
async function send(
  { notify }: DisputeEngine,
  the: DisputeCase,
  { name, title, severity, status }: DisputeAlarm,
  firing: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const key = `dispute:${the.id}:${name}`
  const { amount, dueBy } = the
  const until = dueBy === undefined ? '' : ` Evidence is taken until ${dueBy.toISOString()}.`
  const text = `${decimalText(amount)} ${amount.currency}, ${the.family.replaceAll('_', ' ')}, ${the.stage.replaceAll('_', ' ')}.${until}`
  const labels = { gateway: the.gateway, dispute: the.reference, stage: the.stage }
  const about = { title, text, severity, group: 'Disputes', labels }
  if (status === 'resolved' && firing !== undefined) await notify?.send({ ...about, key: firing, status }, { signal })
  await notify?.send({ ...about, key, status: 'firing' }, { signal })
  return status === 'resolved' ? undefined : key
}
