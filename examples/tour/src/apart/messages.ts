import type { StepEnvironment, StepResult } from '../run-step.ts'

/** What the process of its own is told: where to work. */
export type Beginning = Omit<StepEnvironment, 'signal' | 'output'>

/** What it tells: what a step prints, and how it ended. */
export type Report =
  | { readonly step: string; readonly text: string }
  | { readonly step: string; readonly result: Omit<StepResult, 'step'> }
