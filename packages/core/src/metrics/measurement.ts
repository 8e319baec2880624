import type { ExemplarLabels } from './exemplar.ts'
import type { LabelValues } from './label-index.ts'

/** What follows the value of a measurement: its labels, if the instrument has any, then an exemplar. */
export type Context<Name extends string> = [Name] extends [never]
  ? [labels?: Readonly<Record<string, never>> | undefined, exemplar?: ExemplarLabels | undefined]
  : [labels: LabelValues<Name>, exemplar?: ExemplarLabels | undefined]

/** The labels of a series, if the instrument has any. */
export type Labels<Name extends string> = [Name] extends [never]
  ? [labels?: Readonly<Record<string, never>> | undefined]
  : [labels: LabelValues<Name>]

/** Called at each collection to set the present values: series that it does not set are gone. */
export type Observer<Name extends string> = (set: (value: number, ...labels: Labels<Name>) => void) => void
