import type { Sabotage } from './world.ts'

/** One promise of the port broken on purpose. */
export interface PlantedBug {
  readonly bug: string
  readonly sabotage: Sabotage
}

const decline = { reason: 'processing_error', code: 'x', message: '', advice: 'later' } as const
const refusal = { reason: 'declined', code: 'x', message: '' } as const

/** Every one of them must be found by the seeds that the tests run. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'every attempt of a charge has a new key',
    sabotage: (right) => {
      let attempt = 0
      return { charge: (command) => right.charge({ ...command, key: `${command.key}/${attempt++}` }) }
    },
  },
  {
    bug: 'every attempt of a refund has a new key',
    sabotage: (right) => {
      let attempt = 0
      return { refund: (command) => right.refund({ ...command, key: `${command.key}/${attempt++}` }) }
    },
  },
  {
    bug: 'an unknown charge is told as declined',
    sabotage: (right) => ({
      charge: async (command) => {
        const outcome = await right.charge(command)
        return outcome.status === 'unknown' ? { status: 'declined', decline } : outcome
      },
    }),
  },
  {
    bug: 'an unknown refund is told as refused',
    sabotage: (right) => ({
      refund: async (command) => {
        const outcome = await right.refund(command)
        return outcome.status === 'unknown' ? { status: 'refused', refusal } : outcome
      },
    }),
  },
  {
    bug: 'an unknown refund is told as done',
    sabotage: (right) => ({
      refund: async (command) => {
        const outcome = await right.refund(command)
        const { payment, amount } = command
        const result = { kind: 'refund', reference: 'x', payment, state: 'succeeded', amount } as const
        return outcome.status === 'unknown' ? { status: 'succeeded', result } : outcome
      },
    }),
  },
  {
    bug: 'an unknown capture is told as refused',
    sabotage: (right) => ({
      capture: async (command) => {
        const outcome = await right.capture(command)
        return outcome.status === 'unknown' ? { status: 'refused', refusal } : outcome
      },
    }),
  },
  {
    bug: 'a look-up finds another command',
    sabotage: (right) => ({
      lookup: async (query) => {
        const found = await right.lookup({ ...query, key: 'order-0' })
        return found.found ? found : right.lookup(query)
      },
    }),
  },
  {
    bug: 'a look-up tells every refund as done',
    sabotage: (right) => ({
      lookup: async (query) => {
        if (query.operation !== 'refund') return right.lookup(query)
        const { payment, amount } = query
        const result = { kind: 'refund', reference: 'x', payment, state: 'succeeded', amount } as const
        return { found: true, operation: 'refund', outcome: { status: 'succeeded', result } }
      },
    }),
  },
  {
    bug: 'a charge is one minor unit too large',
    sabotage: (right) => ({
      charge: (command) =>
        right.charge({ ...command, amount: { ...command.amount, amount: command.amount.amount + 1n } }),
    }),
  },
  {
    bug: 'a refund is one minor unit too small',
    sabotage: (right) => ({
      refund: (command) => {
        const { amount } = command.amount
        return right.refund({ ...command, amount: { ...command.amount, amount: amount > 1n ? amount - 1n : amount } })
      },
    }),
  },
  {
    bug: 'a decline is told as a success',
    sabotage: (right) => ({
      charge: async (command) => {
        const outcome = await right.charge(command)
        if (outcome.status !== 'declined' || outcome.payment === undefined) return outcome
        return { status: 'succeeded', payment: outcome.payment }
      },
    }),
  },
  {
    bug: 'the history is empty',
    sabotage: () => ({
      // oxlint-disable-next-line require-yield -- an empty history
      events: async function* () {
        return
      },
    }),
  },
  {
    bug: 'settlements leave refunds out',
    sabotage: (right) => ({
      settlements: async function* (query) {
        for await (const line of right.settlements(query)) if (line.kind !== 'refund') yield line
      },
    }),
  },
  {
    bug: 'an authorisation is captured at once',
    sabotage: (right) => ({ charge: (command) => right.charge({ ...command, capture: 'now' }) }),
  },
]
