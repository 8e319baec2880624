import type { Model } from '../../model/model.ts'

/** What ways cost, each table once: vehicles that go at the same price share one. */
export function arcTablesOf({ vehicles }: Model): readonly Float64Array[] {
  return [...new Set(vehicles.map(({ arcs }) => arcs))]
}
