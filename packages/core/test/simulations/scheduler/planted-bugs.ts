import type { Sabotage } from './world.ts'

/** One promise broken on purpose, by changing what goes to the database or comes from it. */
export interface PlantedBug {
  readonly bug: string
  readonly sabotage: Sabotage
}

/** Every one of them must be found by the seeds that the tests run. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'claims are not compared with the token, and a slot may be claimed again',
    sabotage: statement([
      ['token = $2 and schedule', '$2 = $2 and schedule'],
      [
        '(job, kind, slot) do nothing',
        '(job, kind, slot) do update set token = excluded.token, owner = excluded.owner, state = excluded.state',
      ],
    ]),
  },
  { bug: 'the fencing token does not grow', sabotage: statement([['set token = token + 1, slot', 'set slot']]) },
  {
    bug: 'a claim does not settle the slots before it',
    sabotage: statement([['slot = $4\n', 'slot = slot + 0 * $4\n']]),
  },
  {
    bug: 'a replica that lost its run may still complete it',
    sabotage: statement([["token = $4 and state = 'running'", "$4 = $4 and state <> 'nothing'"]], 'set state'),
  },
  {
    bug: 'a run that was completed can be completed again',
    sabotage: statement([["and state = 'running'", '']], 'set state'),
  },
  {
    bug: 'a renewal ignores whose lease it is',
    sabotage: statement([["token = $4 and state = 'running'", '$4 = $4']], 'set lease_until'),
  },
  { bug: 'a replica does not notice by itself that its lease has ended', sabotage: { frozenMonotonic: true } },
  {
    bug: 'leases are taken over before they end',
    sabotage: {
      ...row('lease_until', (value) => value - 2_000),
      ...statement([['and lease_until <= $7', 'and $7 = $7']]),
    },
  },
  { bug: 'leases never end', sabotage: row('lease_until', (value) => value + 1e9) },
  { bug: 'a pause is overlooked', sabotage: row('paused', () => 0) },
  { bug: 'a run that was interrupted is given up', sabotage: row('attempt', (value) => value + 1_000) },
  { bug: 'registering a known job settles what is due', sabotage: statement([['schedule <> $2', '$2 = $2']]) },
  { bug: 'the parts of a claim are not one transaction', sabotage: { noTransactions: true } },
  {
    bug: 'the history is cut with the runs in progress',
    sabotage: statement([[/state <> 'running'/g, "state <> 'nothing'"]], 'delete'),
  },
]

function statement(changes: readonly (readonly [string | RegExp, string])[], only = ''): Sabotage {
  return {
    statement: (text) => {
      if (!text.includes(only)) return text
      return changes.reduce((changed, [from, to]) => changed.replace(from, to), text)
    },
  }
}

function row(column: string, change: (value: number) => number): Sabotage {
  return { row: (each) => (column in each ? { ...each, [column]: change(Number(each[column])) } : each) }
}
