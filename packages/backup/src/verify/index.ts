/**
 * Checks of a repository, from a listing to every byte.
 *
 * @packageDocumentation
 */
export { checkRepository, type CheckLevel, type CheckOptions, type CheckReport } from './check-repository.ts'
export { verifyErrors } from './errors.ts'
export type { AffectedEntry, RepositoryProblem, RepositoryProblemKind } from './problem.ts'
