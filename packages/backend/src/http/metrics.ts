/** How long requests took, in seconds: the upper bounds of the histogram's buckets. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Series {
  readonly labels: string;
  count: number;
  sumSeconds: number;
  readonly buckets: number[];
}

/** A gauge as it is read at the moment of the scrape. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels: Labels; readonly value: string }[];
}

type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Counts one finished request; the route is its pattern, never a path with an id in it. */
  observe(route: string, method: string, status: number, seconds: number): void;
  /** Everything in the text format of Prometheus. */
  write(gauges: readonly Gauge[]): string;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function createMetrics(): Metrics {
  const series = new Map<string, Series>();
  return {
    observe: (route, method, status, seconds) => {
      const labels = writeLabels({ method, route, status: String(status) });
      const one = series.get(labels) ?? {
        labels,
        count: 0,
        sumSeconds: 0,
        buckets: BUCKETS_SECONDS.map(() => 0),
      };
      series.set(labels, one);
      one.count += 1;
      one.sumSeconds += seconds;
      BUCKETS_SECONDS.forEach((bound, index) => {
        if (seconds <= bound) one.buckets[index] = (one.buckets[index] ?? 0) + 1;
      });
    },
    write: (gauges) =>
      [
        '# HELP http_request_duration_seconds Time to answer a request.',
        '# TYPE http_request_duration_seconds histogram',
        ...[...series.values()].flatMap(writeHistogram),
        ...gauges.flatMap(writeGauge),
        '',
      ].join('\n'),
  };
}

function writeHistogram({ labels, count, sumSeconds, buckets }: Series): string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...BUCKETS_SECONDS.map(
      (bound, index) => `${name}_bucket{${labels},le="${bound}"} ${buckets[index] ?? 0}`,
    ),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sumSeconds}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

function writeGauge({ name, help, values }: Gauge): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...values.map(({ labels, value }) => `${name}{${writeLabels(labels)}} ${value}`),
  ];
}

function writeLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`)
    .join(',');
}
