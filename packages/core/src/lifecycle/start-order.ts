import type { LifecycleComponent } from './component.ts'
import { lifecycleErrors } from './errors.ts'

/**
 * Components in an order in which each stands after those that it depends on, otherwise as they were added.
 *
 * @throws `CORE_LIFECYCLE_NAME_UNKNOWN`, `CORE_LIFECYCLE_CYCLE`.
 */
export function startOrder(components: ReadonlyMap<string, LifecycleComponent>): LifecycleComponent[] {
  const ordered = new Set<LifecycleComponent>()
  const visit = (component: LifecycleComponent, path: readonly string[]): void => {
    if (ordered.has(component)) return
    const { name, dependsOn = [] } = component
    if (path.includes(name))
      throw lifecycleErrors.CORE_LIFECYCLE_CYCLE({ path: [...path.slice(path.indexOf(name)), name].join(' → ') })
    for (const dependency of dependsOn) {
      const found = components.get(dependency)
      if (found === undefined) throw lifecycleErrors.CORE_LIFECYCLE_NAME_UNKNOWN({ name, dependency })
      visit(found, [...path, name])
    }
    ordered.add(component)
  }
  for (const component of components.values()) visit(component, [])
  return [...ordered]
}
