import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/**
 * Our own registry: faas-js-runtime keeps a private one for its `/metrics` and exports no handle to it.
 */
export interface Metrics {
  counter<Label extends string>(name: string, help: string, labels: readonly Label[]): Counter<Label>
  /** Seconds; buckets from 1 ms to 60 s. */
  timer<Label extends string>(name: string, help: string, labels: readonly Label[]): Histogram<Label>
  readonly contentType: string
  render(): Promise<string>
}

const bucketsS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * Metrics with Node's own process figures included. Asking for a name again gives the metric made first: in one
 * process the three functions share a registry.
 */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'soccer_' })
  const registers = [registry]
  const known = (name: string): unknown => registry.getSingleMetric(name)
  return {
    counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      (known(name) as Counter<Label> | undefined) ?? new Counter({ name, help, labelNames, registers }),
    timer: <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      (known(name) as Histogram<Label> | undefined) ??
      new Histogram({ name, help, labelNames, buckets: bucketsS, registers }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}
