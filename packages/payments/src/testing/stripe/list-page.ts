import { integerOf, textOf, type ParameterTable } from './check-parameters.ts'
import type { FormParameters } from './form-body.ts'
import { renderList } from './render.ts'

/** What every list takes. */
export const listParameters: ParameterTable = {
  created: 'range',
  limit: 'integer',
  starting_after: 'text',
  ending_before: 'text',
}

interface Listed {
  readonly id: string
  readonly createdAt: number
}

/** A page of a list, the newest first, as the API gives them. */
export function listPage<Item extends Listed>(
  items: readonly Item[],
  parameters: FormParameters,
  render: (item: Item) => unknown,
): unknown {
  const limit = Math.min(integerOf(parameters, 'limit') ?? 10, 100)
  const after = textOf(parameters, 'starting_after')
  const chosen = items.filter((item) => within(item, parameters['created'])).toReversed()
  const start = after === undefined ? 0 : chosen.findIndex(({ id }) => id === after) + 1
  return renderList(chosen.slice(start, start + limit).map(render), start + limit < chosen.length)
}

function within({ createdAt }: Listed, range: FormParameters[string] | undefined): boolean {
  const second = Math.floor(createdAt / 1000)
  if (range === undefined || Array.isArray(range)) return true
  if (typeof range === 'string') return second === Number(range)
  const { gt, gte, lt, lte } = range
  return (
    (gt === undefined || second > Number(gt)) &&
    (gte === undefined || second >= Number(gte)) &&
    (lt === undefined || second < Number(lt)) &&
    (lte === undefined || second <= Number(lte))
  )
}
