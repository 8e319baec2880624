import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { stateRank, type GatewayEvent } from '@exprsn/payments/gateway'
import { CarefulHost, type Belief } from './careful-host.ts'
import { makeWorld, type Sabotage, type World } from './world.ts'

const orders = 6
const rates = {
  lost_request: 0.03,
  lost_response: 0.05,
  truncated_response: 0.02,
  error_before: 0.03,
  error_after: 0.03,
  rate_limited: 0.03,
}

/** Orders through one gateway with a fault in every fifth request, compared in the end with what truly happened. */
export async function runSeed(seed: number, sabotage: Sabotage = () => ({})): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  await using world = await makeWorld(seed, random, sabotage)
  const { simulator } = world
  simulator.faults.setRates(rates)
  const host = new CarefulHost(world, random.fork('host'))
  const beliefs: Belief[] = []
  for (let number = 0; number < orders; number++) beliefs.push(await host.serve(number))
  const { no_answer: _, ...hits } = simulator.faults.hits
  simulator.faults.heal()
  const { heard, lost } = await hear(world)
  const violations = [
    ...compareTruth(world, beliefs),
    ...compareEvents(world, heard),
    ...(await compareSettlements(world)),
  ]
  const faults = {
    ...hits,
    'crash/before': host.crashes.before,
    'crash/after': host.crashes.after,
    'webhook-lost': lost,
  }
  return { faults, violations }
}

function* compareTruth({ simulator }: World, beliefs: readonly Belief[]): Iterable<string> {
  const truth = simulator.payments()
  for (const { key, payment, captured, refunded } of beliefs) {
    const own = truth.filter((each) => each.order === key || each.key === key)
    const taken = own.reduce((sum, each) => sum + each.captured, 0n)
    const given = own.reduce((sum, each) => sum + each.refunded, 0n)
    if (own.filter((each) => each.captured > 0n || each.state === 'requires_capture').length > 1)
      yield `${key} was charged twice`
    if (taken !== captured) yield `${key}: the host believes ${captured}, and ${taken} were taken`
    if (given !== refunded) yield `${key}: the host believes ${refunded} went back, and it was ${given}`
    if (given > taken) yield `${key}: ${given} went back of ${taken}`
    if (payment !== undefined && !own.some(({ reference }) => reference === payment)) yield `${key} is not ${payment}`
  }
}

/** Webhooks lost, doubled and shuffled, and then a sweep through the history. */
async function hear(world: World): Promise<{ readonly heard: ReadonlyMap<string, Heard>; readonly lost: number }> {
  const { gateway, simulator, clock } = world
  const events: GatewayEvent[] = []
  simulator.webhooks.sendTo(async (request) => {
    const verdict = await gateway.receive({ headers: request.headers, body: await request.bytes() })
    if (!verdict.verified) return new Response(null, { status: 400 })
    events.push(...verdict.events)
    return new Response()
  })
  const { lost } = await simulator.webhooks.deliver({ lose: 0.3, duplicate: 0.3, shuffle: true })
  for await (const event of gateway.events({ since: new Date(clock.now() - 30 * 86_400_000) })) events.push(event)
  const heard = new Map<string, Heard>()
  for (const event of events) await apply(world, heard, event)
  return { heard, lost }
}

interface Heard {
  state: string
  captured: bigint
}

async function apply(
  { gateway }: World,
  heard: Map<string, Heard>,
  { subject, snapshot }: GatewayEvent,
): Promise<void> {
  const reference = subject.kind === 'payment' ? subject.reference : subject.payment
  if (reference === undefined) return
  const present = snapshot?.kind === 'payment' ? snapshot : await gateway.fetch({ kind: 'payment', reference })
  if (present?.kind !== 'payment') return
  const known = heard.get(reference) ?? { state: 'created', captured: 0n }
  if (stateRank('payment', present.state) > stateRank('payment', known.state)) known.state = present.state
  if (present.captured.amount > known.captured) known.captured = present.captured.amount
  heard.set(reference, known)
}

function* compareEvents({ simulator }: World, heard: ReadonlyMap<string, Heard>): Iterable<string> {
  for (const { reference, captured } of simulator.payments()) {
    const told = heard.get(reference)?.captured ?? 0n
    if (told !== captured) yield `${reference}: events tell of ${told}, and ${captured} were taken`
  }
}

async function compareSettlements({ gateway, simulator, clock }: World): Promise<string[]> {
  await clock.advanceBy('3d')
  simulator.settle()
  let reported = 0n
  let gross = 0n
  for await (const line of gateway.settlements({ since: new Date(clock.now() - 60 * 86_400_000) })) {
    reported += line.net.amount
    gross += line.kind === 'charge' || line.kind === 'refund' ? line.gross.amount : 0n
  }
  const balance = simulator.balance()
  const held = balance.reduce((sum, entry) => sum + entry.gross - entry.fee, 0n)
  const moved = balance
    .filter(({ kind }) => kind === 'charge' || kind === 'refund')
    .reduce((sum, entry) => sum + entry.gross, 0n)
  const violations: string[] = []
  if (reported !== held) violations.push(`settlements add up to ${reported}, and the balance is ${held}`)
  if (gross !== moved) violations.push(`settlements tell of ${gross}, and ${moved} were taken and given back`)
  return violations
}
