//! Serving until told to stop, and stopping in time.

use axum::Router;
use std::{io, time::Duration};
use tokio::{net::TcpListener, signal, sync::oneshot};

/// Serves until `stop` ends. Requests that have begun are still answered, for as long as `patience`; what is left then,
/// such as a request of which the client sends only half, is cut.
///
/// # Errors
/// Never as far as axum goes: it serves on when a connection cannot be accepted.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    patience: Duration,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel::<()>();
    let until = async move {
        stop.await;
        drop(stopping);
    };
    let late = async move {
        // An error: nothing is sent, the sender is dropped.
        let _ = stopped.await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(until).into_future() => served,
        () = late => Ok(()),
    }
}

/// Ends at Ctrl-C or SIGTERM.
///
/// # Errors
/// If they cannot be listened to.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends at Ctrl-C.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async { drop(signal::ctrl_c().await) })
}
