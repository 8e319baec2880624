import type { SnapshotProblem } from '../../repository/snapshot/snapshot.ts'

const kept = 100

/** Collects what could not be saved or restored as it was: the first 100, and the number of all. */
export class ProblemList {
  readonly first: SnapshotProblem[] = []
  count = 0

  add(problem: SnapshotProblem): void {
    this.count++
    if (this.first.length < kept) this.first.push(problem)
  }
}
