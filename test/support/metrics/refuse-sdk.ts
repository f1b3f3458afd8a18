/** Loaded before a program by `--import`: the program ends as soon as it loads OpenTelemetry's SDK or its exporter. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    // The API alone comes with prom-client.
    if (/^@opentelemetry\/(?!api)/.test(specifier)) {
      console.error(`loaded although traces are off: ${specifier}`);
      process.exit(1);
    }
    return next(specifier, context);
  },
});
