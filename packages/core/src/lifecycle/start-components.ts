import type { LifecycleComponent } from './component.ts'

/** What happens while components start. */
export interface StartObserver {
  /** Nothing new is started after it aborts. */
  readonly signal: AbortSignal
  readonly onStarted: (component: LifecycleComponent) => void
  readonly onFailed: (component: LifecycleComponent, cause: unknown) => void
}

/**
 * Starts components that stand in the order of `startOrder`, each as soon as those it depends on have started.
 * Resolves when no step is under way any more; never rejects.
 */
export async function startComponents(
  order: readonly LifecycleComponent[],
  { signal, onStarted, onFailed }: StartObserver,
): Promise<void> {
  const steps = new Map<string, Promise<void>>()
  const startOne = async (component: LifecycleComponent): Promise<void> => {
    await Promise.all((component.dependsOn ?? []).map((name) => steps.get(name)!))
    if (signal.aborted) return
    try {
      await component.start?.({ signal })
    } catch (cause) {
      onFailed(component, cause)
      return
    }
    onStarted(component)
  }
  for (const component of order) steps.set(component.name, startOne(component))
  await Promise.all(steps.values())
}
