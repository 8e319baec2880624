import type { Step } from '../step.ts'
import { postgresPitr } from './postgres-pitr/postgres-pitr.ts'

/** Every step, in the order of the tour. */
export const steps: readonly Step[] = [postgresPitr]
