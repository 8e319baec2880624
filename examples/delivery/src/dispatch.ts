import { checkSolution, reoptimise, type Plan, type Planner, type Problem, type Vehicle } from '@exprsn/geo/optimize'
import type { Order, OrderBook } from './orders.ts'
import { situationAt, type Van } from './situation.ts'

/** What became of news. */
export interface News {
  readonly milliseconds: number
  /** Orders that another van brings now. */
  readonly moved: readonly string[]
  readonly unassigned: Plan['unassigned']
}

/** The plan as it stands, with the problem that it solves. */
export interface Standing {
  readonly problem: Problem
  readonly plan: Plan
}

/** Plans the day, and keeps the plan fitted to what happens. One change at a time. */
export function createDispatch({
  book,
  planner,
  fleet,
  now,
}: {
  readonly book: OrderBook
  readonly planner: Planner
  readonly fleet: readonly Vehicle[]
  /** Seconds since midnight. */
  readonly now: () => number
}) {
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const next = turn.then(work, work)
    turn = next.catch(() => {})
    return next
  }
  const situation = async (late?: Parameters<typeof situationAt>[1]['late']) => {
    const [orders, standing, vans] = await Promise.all([
      book.open(),
      book.read<Standing>('standing'),
      book.read<readonly Van[]>('vans'),
    ])
    return { standing, ...situationAt(now(), { fleet, orders, plan: standing?.plan, vans: vans ?? [], late }) }
  }
  const keep = async (
    problem: Problem,
    plan: Plan,
    { vans, done }: { readonly vans: readonly Van[]; readonly done: readonly string[] },
  ) => {
    const [wrong] = checkSolution(problem, plan)
    if (wrong !== undefined) throw new Error(`The plan is wrong: ${wrong.kind}, ${wrong.detail}`)
    await book.close(done)
    await book.write('vans', vans)
    await book.write('standing', { problem, plan } satisfies Standing)
  }
  const fit = async (late?: Parameters<typeof situationAt>[1]['late']): Promise<News> => {
    const began = performance.now()
    const { problem, standing, ...rest } = await situation(late)
    if (standing === undefined) return { milliseconds: 0, moved: [], unassigned: [] }
    const plan = await reoptimise(problem, standing.plan, { timeLimit: 60 })
    await keep(problem, plan, rest)
    const before = vansOf(standing.plan)
    const moved = [...vansOf(plan)].filter(([id, van]) => before.has(id) && before.get(id) !== van)
    return { milliseconds: performance.now() - began, moved: moved.map(([id]) => id), unassigned: plan.unassigned }
  }
  return {
    /** The plan of the morning, searched for in a thread of its own. */
    plan: (timeLimit: number): Promise<Plan> =>
      inTurn(async () => {
        const { problem, standing: _, ...rest } = await situation()
        const { id } = planner.submit(problem, { timeLimit })
        for await (const job of planner.events(id)) {
          if (job.status === 'failed') throw new Error(job.error?.message)
          if (job.plan === undefined) continue
          await keep(problem, job.plan, rest)
          return job.plan
        }
        throw new Error('The plan was cancelled.')
      }),
    /** Takes an order, and fits it in where there is a plan. */
    order: (order: Order): Promise<News & { readonly isNew: boolean }> =>
      inTurn(async () => {
        const isNew = await book.add(order)
        return { isNew, ...(isNew ? await fit() : { milliseconds: 0, moved: [], unassigned: [] }) }
      }),
    /** A van has lost time. */
    late: (van: string, minutes: number): Promise<News> => inTurn(() => fit({ van, seconds: minutes * 60 })),
    standing: (): Promise<Standing | undefined> => book.read<Standing>('standing'),
  }
}

export type Dispatch = ReturnType<typeof createDispatch>

function vansOf({ routes }: Plan): Map<string, string> {
  return new Map(
    routes.flatMap(({ vehicle, steps }) =>
      steps.flatMap(({ id, type }) => (id === undefined || type === 'break' ? [] : [[id, vehicle] as const])),
    ),
  )
}
