//! Traces of requests by OpenTelemetry, where the program was built with the feature `otel` and the environment names a
//! collector (`OTEL_EXPORTER_OTLP_ENDPOINT`, read by OpenTelemetry's own library). Off by default.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Sends what is still in hand when it is dropped.
pub struct Traces(Option<SdkTracerProvider>);

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(provider) = &self.0
            && let Err(error) = provider.shutdown()
        {
            eprintln!("lumbung: the last traces were not sent: {error}");
        }
    }
}

/// The layer that sends spans to the collector; neither where none is named.
pub fn start<S>() -> (Traces, Option<OpenTelemetryLayer<S, SdkTracer>>)
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    if std::env::var_os(ENDPOINT).is_none() {
        return (Traces(None), None);
    }
    media::speak_tls();
    let exporter = match SpanExporter::builder().with_http().build() {
        Ok(exporter) => exporter,
        Err(error) => {
            eprintln!("lumbung: no traces: {error}");
            return (Traces(None), None);
        }
    };
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name("lumbung").build())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("lumbung"));
    (Traces(Some(provider)), Some(layer))
}
