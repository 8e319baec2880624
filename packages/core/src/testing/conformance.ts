/**
 * One requirement that every implementation of a port has to meet. A conformance suite is a list of them: data, so
 * that it runs under any test runner.
 *
 * Shape: `run` resolves when the subject behaves, and rejects with an error that says what was expected and seen.
 * Every case gets a fresh, empty subject.
 */
export interface ConformanceCase<Subject> {
  /** A sentence about the port: `a lock is exclusive`. */
  readonly name: string
  readonly run: (subject: Subject) => Promise<void>
}
