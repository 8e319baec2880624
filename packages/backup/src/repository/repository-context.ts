import type { RepositoryContext } from './context.ts'
import { repositoryErrors } from './errors.ts'
import type { Repository } from './repository.ts'

const contexts = new WeakMap<Repository, RepositoryContext>()

/** Remembers what stands behind a repository, for the areas above that work on its objects. */
export function bindContext(repository: Repository, context: RepositoryContext): void {
  contexts.set(repository, context)
}

/** What stands behind an open repository. */
export function contextOf(repository: Repository): RepositoryContext {
  const context = contexts.get(repository)
  if (context === undefined)
    throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: 'it was not opened by openRepository' })
  return context
}
