/** One line of a step's outcome, shown in the summary table and on the status page. */
export interface Fact {
  readonly label: string
  readonly value: string
}

/** What a step has to show when it passed. A step that fails throws. */
export interface StepOutcome {
  readonly facts: readonly Fact[]
  /** A picture for the status page, as SVG text. */
  readonly picture?: string | undefined
}

/** Long work with a known or unknown end. */
export interface Progress {
  update(done: number, total?: number): void
  end(note: string): void
}

/** What a step may use: nothing else is shared between steps. */
export interface StepContext {
  /** A folder of this step's own, removed at the end. */
  readonly folder: string
  /** Aborted when the user stops the tour. */
  readonly signal: AbortSignal
  /** The user's own PostgreSQL, from `--postgres`; without it the step starts one. */
  readonly postgresUrl: string | undefined
  /** Whether `--real-pds` asks for the official AT Protocol server. */
  readonly realPds: boolean
  /** Prints one line of what is being done. */
  say(line: string): void
  /** Shows a progress bar under a label. */
  progress(label: string, unit: string): Progress
  /** Registers clean-up; the last one registered runs first, whether the step passed or not. */
  defer(cleanUp: () => Promise<unknown>): void
}

/** One stop of the tour. */
export interface Step {
  /** The name for `--only`. */
  readonly name: string
  readonly title: string
  run(context: StepContext): Promise<StepOutcome>
}
